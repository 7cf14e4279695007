package dev.limpet.broker.connection.listener;

import dev.limpet.broker.files.FileProblemException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads a private key from a PEM file: PKCS#8 ({@code PRIVATE KEY}), PKCS#1 ({@code RSA PRIVATE
 * KEY}, RFC 8017 appendix A.1.2) or SEC1 ({@code EC PRIVATE KEY}, RFC 5915, perhaps behind its
 * {@code EC PARAMETERS}). The JDK reads the first only, which is the other two with the algorithm
 * in front: they are put into it. Immutable.
 */
final class PemKey {
  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----(.*?)-----END \\1-----", Pattern.DOTALL);
  private static final String PKCS8 = "PRIVATE KEY";
  private static final String RSA = "RSA PRIVATE KEY";
  private static final String EC = "EC PRIVATE KEY";
  private static final String EC_PARAMETERS = "EC PARAMETERS";

  private static final int SEQUENCE = 0x30;
  private static final int OCTET_STRING = 0x04;
  private static final int OBJECT_ID = 0x06;
  private static final int EXPLICIT_0 = 0xA0;
  private static final byte[] VERSION_0 = HexFormat.of().parseHex("020100");

  /** rsaEncryption and its parameters, which are NULL. */
  private static final byte[] RSA_ALGORITHM = HexFormat.of().parseHex("06092a864886f70d0101010500");

  /** id-ecPublicKey, whose parameters follow. */
  private static final byte[] EC_ALGORITHM = HexFormat.of().parseHex("06072a8648ce3d0201");

  private final byte[] pkcs8;

  private PemKey(byte[] pkcs8) {
    this.pkcs8 = pkcs8;
  }

  /**
   * Reads the first private key of a file.
   *
   * @throws FileProblemException with a sentence that says how to make a key that can be used
   */
  static PemKey read(Path file) throws IOException {
    Matcher blocks = BLOCK.matcher(Files.readString(file, StandardCharsets.ISO_8859_1));
    byte @Nullable [] curve = null;
    while (blocks.find()) {
      String label = blocks.group(1);
      String body = blocks.group(2);
      if (label.endsWith(PKCS8)) {
        requireOpen(label, body, file);
        return new PemKey(pkcs8(label, der(body, file), curve, file));
      }
      if (label.equals(EC_PARAMETERS)) {
        curve = der(body, file);
      }
    }
    throw new FileProblemException(
        file + " holds no private key: write it in PEM, unencrypted, best in PKCS#8");
  }

  private static void requireOpen(String label, String body, Path file)
      throws FileProblemException {
    if (label.startsWith("ENCRYPTED") || body.contains("Proc-Type: 4,ENCRYPTED")) {
      throw new FileProblemException(
          "the key in %s is encrypted: remove its password with 'openssl pkey -in %s -out NEW', and let no other user read NEW"
              .formatted(file, file.getFileName()));
    }
    if (!label.equals(PKCS8) && !label.equals(RSA) && !label.equals(EC)) {
      throw new FileProblemException(
          "the key in %s is a '%s': write PEM, the key unencrypted in PKCS#8 ('openssl pkey', or 'ssh-keygen -p -m PKCS8' for one of OpenSSH)"
              .formatted(file, label));
    }
  }

  private static byte[] der(String body, Path file) throws FileProblemException {
    try {
      return Base64.getMimeDecoder().decode(body);
    } catch (IllegalArgumentException e) {
      throw new FileProblemException(file + " is damaged: its content is not Base64", e);
    }
  }

  private static byte[] pkcs8(String label, byte[] key, byte @Nullable [] curve, Path file)
      throws FileProblemException {
    return switch (label) {
      case RSA -> wrapped(RSA_ALGORITHM, key);
      case EC -> wrapped(concat(EC_ALGORITHM, curve(key, curve, file)), key);
      default -> key;
    };
  }

  /** The name of the curve, from inside the key, else from the block before it. */
  private static byte[] curve(byte[] key, byte @Nullable [] outside, Path file)
      throws FileProblemException {
    byte[] curve = outside;
    try {
      ByteBuf fields = content(Unpooled.wrappedBuffer(key), SEQUENCE);
      while (fields.isReadable()) {
        int tag = fields.getUnsignedByte(fields.readerIndex());
        ByteBuf field = content(fields, tag);
        if (tag == EXPLICIT_0) {
          curve = ByteBufUtil.getBytes(field);
        }
      }
    } catch (IndexOutOfBoundsException e) {
      throw new FileProblemException("the key in " + file + " is damaged: it ends too early", e);
    }
    if (curve == null || curve.length == 0 || curve[0] != OBJECT_ID) {
      throw new FileProblemException(
          "the key in %s does not name its curve: make one with 'openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256'"
              .formatted(file));
    }
    return curve;
  }

  /** The content of the next value, which is skipped. */
  private static ByteBuf content(ByteBuf in, int tag) {
    if (in.readUnsignedByte() != tag) {
      throw new IndexOutOfBoundsException("another value");
    }
    int length = in.readUnsignedByte();
    if (length > 0x80) {
      int bytes = length & 0x7F;
      length = 0;
      for (int i = 0; i < bytes; i++) {
        length = length << 8 | in.readUnsignedByte();
      }
    }
    if (length < 0 || length > in.readableBytes()) {
      throw new IndexOutOfBoundsException("a missing value");
    }
    return in.readSlice(length);
  }

  private static byte[] wrapped(byte[] algorithm, byte[] key) {
    return value(
        SEQUENCE, concat(VERSION_0, concat(value(SEQUENCE, algorithm), value(OCTET_STRING, key))));
  }

  /** A value in DER, at most 65,535 bytes: no key comes near. */
  private static byte[] value(int tag, byte[] content) {
    ByteBuf out = Unpooled.buffer(content.length + 4).writeByte(tag);
    if (content.length < 0x80) {
      out.writeByte(content.length);
    } else if (content.length <= 0xFF) {
      out.writeByte(0x81).writeByte(content.length);
    } else {
      out.writeByte(0x82).writeShort(content.length);
    }
    return ByteBufUtil.getBytes(out.writeBytes(content));
  }

  private static byte[] concat(byte[] first, byte[] second) {
    return ByteBufUtil.getBytes(Unpooled.wrappedBuffer(first, second));
  }

  /** PKCS#8 in DER. */
  byte[] der() {
    return pkcs8.clone();
  }

  /** PKCS#8 in PEM. */
  InputStream pem() {
    String text =
        "-----BEGIN PRIVATE KEY-----\n"
            + Base64.getMimeEncoder().encodeToString(pkcs8)
            + "\n-----END PRIVATE KEY-----\n";
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII));
  }
}
