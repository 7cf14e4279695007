package dev.limpet.broker.access;

import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Holds a server's verifier of a password for SCRAM-SHA-256 (RFC 5802 section 3): enough to check,
 * not enough to log in elsewhere. Written {@code SCRAM-SHA-256$ITERATIONS:SALT$STORED:SERVER}.
 * Immutable: the arrays are never written.
 */
record ScramVerifier(int iterations, byte[] salt, byte[] storedKey, byte[] serverKey) {

  /** RFC 7677 section 4. */
  private static final int ITERATIONS_MIN = 4_096;

  private static final int KEY_BYTES = 32;
  private static final String NAME = "SCRAM-SHA-256";
  private static final String BASE64 = "([A-Za-z0-9+/]+={0,2})";
  private static final Pattern TEXT =
      Pattern.compile(NAME + "\\$(\\d{4,9}):" + BASE64 + "\\$" + BASE64 + ":" + BASE64);

  /** The verifier written so; null when it is none. */
  static @Nullable ScramVerifier parse(String text) {
    Matcher matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      return null;
    }
    try {
      Base64.Decoder base64 = Base64.getDecoder();
      ScramVerifier verifier =
          new ScramVerifier(
              Integer.parseInt(matcher.group(1)),
              base64.decode(matcher.group(2)),
              base64.decode(matcher.group(3)),
              base64.decode(matcher.group(4)));
      return verifier.isUsable() ? verifier : null;
    } catch (IllegalArgumentException e) {
      return null; // letters of Base64, but not its length
    }
  }

  private boolean isUsable() {
    return iterations >= ITERATIONS_MIN
        && storedKey.length == KEY_BYTES
        && serverKey.length == KEY_BYTES;
  }

  String text() {
    Base64.Encoder base64 = Base64.getEncoder();
    return "%s$%d:%s$%s:%s"
        .formatted(
            NAME,
            iterations,
            base64.encodeToString(salt),
            base64.encodeToString(storedKey),
            base64.encodeToString(serverKey));
  }
}
