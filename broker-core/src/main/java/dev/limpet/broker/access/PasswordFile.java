package dev.limpet.broker.access;

import dev.limpet.broker.files.FileWatch;
import dev.limpet.broker.files.Watched;
import dev.limpet.broker.mqtt.ConnectRequest;
import dev.limpet.broker.mqtt.ReasonCode;
import dev.limpet.broker.spi.Authentication;
import dev.limpet.broker.spi.Authenticator;
import dev.limpet.broker.spi.ClientOrigin;
import dev.limpet.broker.spi.Decision;
import dev.limpet.broker.spi.EnhancedAuthenticator;
import dev.limpet.broker.spi.Stages;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

/**
 * Users and bcrypt hashes from a file, one {@code NAME:HASH} a line; {@link PasswordEditor} writes
 * it. Ignores clients without a user name and users it does not know.
 *
 * <p>Thread-safe; hashes on threads of its own, of which {@link #close} disposes. Changes of the
 * file count from the next CONNECT on.
 */
public final class PasswordFile implements Authenticator, AutoCloseable {

  /** A hash no password matches: the time a check takes must not reveal an unknown user. */
  private static final String NOBODY =
      "$2b$10$CCCCCCCCCCCCCCCCCCCCCue5wlK5wWXRzqn9TClzuXL5b5YGHZRCC";

  private static final Authentication UNKNOWN =
      new Authentication(Decision.IGNORE, ReasonCode.BAD_USER_NAME_OR_PASSWORD, null);
  private static final Authentication WRONG =
      Authentication.deny(ReasonCode.BAD_USER_NAME_OR_PASSWORD);

  private final Watched<Credentials> credentials;
  private final PasswordChecks checks;
  private final EnhancedAuthenticator scram;
  private final List<Consumer<Set<String>>> listeners = new CopyOnWriteArrayList<>();

  /** The users last announced to listeners; after construction only the watching thread uses it. */
  private Credentials told;

  private PasswordFile(Watched<Credentials> credentials, PasswordChecks checks) {
    this.credentials = credentials;
    this.checks = checks;
    this.scram = new Scram(credentials);
    this.told = credentials.get();
    credentials.onChange(this::tell);
  }

  /**
   * Reads the file, now and when it changes. Blocks.
   *
   * @param registry counts hashed and refused checks
   * @throws IOException when it cannot be used; the message names file and line
   */
  public static PasswordFile open(Path file, FileWatch watch, MeterRegistry registry)
      throws IOException {
    Watched<Credentials> credentials = watch.watch(List.of(file), files -> Credentials.read(file));
    return new PasswordFile(credentials, new PasswordChecks(registry));
  }

  /** SCRAM-SHA-256 for the users who have a verifier in the file. */
  public EnhancedAuthenticator scram() {
    return scram;
  }

  @Override
  public CompletionStage<Authentication> authenticate(ConnectRequest request, ClientOrigin origin) {
    String user = request.userName();
    if (user == null) {
      return CompletableFuture.completedFuture(Authentication.IGNORE);
    }
    Credential credential = credentials.get().find(user);
    boolean known = credential != null && !credential.bcrypt().isEmpty();
    String hash = known ? credential.bcrypt() : NOBODY;
    Buffer password = request.password();
    return checks
        .check(hash, password == null ? new byte[0] : password.getBytes())
        .handle(
            (matches, failure) -> {
              if (failure != null) {
                return overflow(failure);
              }
              return !known ? UNKNOWN : matches ? Authentication.user(user) : WRONG;
            });
  }

  private static Authentication overflow(Throwable failure) {
    if (Stages.cause(failure) instanceof RejectedExecutionException) {
      return Authentication.deny(ReasonCode.SERVER_BUSY);
    }
    throw new CompletionException(Stages.cause(failure));
  }

  @Override
  public void onRevoked(Consumer<Set<String>> listener) {
    listeners.add(listener);
  }

  private void tell() {
    Credentials now = credentials.get();
    Set<String> revoked = told.revokedBy(now);
    told = now;
    if (!revoked.isEmpty()) {
      listeners.forEach(each -> each.accept(revoked));
    }
  }

  @Override
  public void close() {
    checks.close();
  }
}
