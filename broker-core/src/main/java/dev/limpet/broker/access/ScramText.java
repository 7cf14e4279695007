package dev.limpet.broker.access;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Defines the text form of SCRAM messages (RFC 5802 section 7). Stateless. */
final class ScramText {

  /** No client needs more; bounds the memory an exchange holds. */
  private static final int MESSAGE_BYTES_MAX = 4_096;

  private ScramText() {}

  static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  static byte @Nullable [] bytes(String base64) {
    try {
      return Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /** A message as text; null when it is none. */
  static @Nullable String text(byte[] message) {
    if (message.length > MESSAGE_BYTES_MAX) {
      return null;
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(message)).toString();
    } catch (CharacterCodingException e) {
      return null;
    }
  }

  /** The value of an attribute such as {@code r=…}; null when the text is another one. */
  static @Nullable String value(String attribute, char name) {
    boolean has =
        attribute.length() > 2 && attribute.charAt(0) == name && attribute.charAt(1) == '=';
    return has ? attribute.substring(2) : null;
  }

  /** A user name without its escapes; null when one is wrong. */
  static @Nullable String userName(String escaped) {
    StringBuilder name = new StringBuilder();
    for (int i = 0; i < escaped.length(); i++) {
      char c = escaped.charAt(i);
      if (c != '=') {
        name.append(c);
      } else if (escaped.startsWith("=2C", i)) {
        name.append(',');
        i += 2;
      } else if (escaped.startsWith("=3D", i)) {
        name.append('=');
        i += 2;
      } else {
        return null;
      }
    }
    return name.toString();
  }
}
