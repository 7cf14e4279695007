package dev.limpet.broker.access;

import dev.limpet.broker.mqtt.ReasonCode;
import dev.limpet.broker.spi.Authentication;
import dev.limpet.broker.spi.AuthenticationExchange;
import dev.limpet.broker.spi.ClientOrigin;
import dev.limpet.broker.spi.EnhancedAuthenticator;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Authenticates by SCRAM-SHA-256 (RFC 5802, RFC 7677), without channel binding, the users with a
 * verifier in a password file. Costs three hashes a login, so it runs on the lane.
 *
 * <p>Thread-safe.
 */
final class Scram implements EnhancedAuthenticator {
  static final String METHOD = "SCRAM-SHA-256";
  static final Authentication REFUSED = Authentication.deny(ReasonCode.NOT_AUTHORIZED);

  private static final int KEY_BYTES = 32;
  private static final int SALT_BYTES = 16;

  private final Supplier<Credentials> users;
  private final SecureRandom random = new SecureRandom();
  private final byte[] secret = new byte[KEY_BYTES];

  Scram(Supplier<Credentials> users) {
    this.users = users;
    random.nextBytes(secret);
  }

  @Override
  public @Nullable AuthenticationExchange begin(String method, ClientOrigin origin) {
    if (!method.equals(METHOD)) {
      return null;
    }
    byte[] nonce = new byte[18];
    random.nextBytes(nonce);
    return new ScramExchange(this::verifier, ScramText.base64(nonce));
  }

  /** An unknown user has one too, always the same, that no password fits. */
  private ScramVerifier verifier(String user) {
    Credential credential = users.get().find(user);
    if (credential != null && credential.scram() != null) {
      return credential.scram();
    }
    byte[] salt =
        Arrays.copyOf(ScramKeys.hmac(secret, user.getBytes(StandardCharsets.UTF_8)), SALT_BYTES);
    byte[] noKey = new byte[KEY_BYTES];
    random.nextBytes(noKey);
    return new ScramVerifier(ScramKeys.ITERATIONS, salt, noKey, noKey);
  }

  static Buffer buffer(String text) {
    return Buffer.buffer(text);
  }
}
