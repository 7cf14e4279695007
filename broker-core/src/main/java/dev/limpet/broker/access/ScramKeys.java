package dev.limpet.broker.access;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.text.Normalizer;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/** Computes the keys of SCRAM-SHA-256 (RFC 5802 section 3). Stateless. */
final class ScramKeys {

  /** Four times the least that RFC 7677 asks for: the client, perhaps a small one, has to pay. */
  static final int ITERATIONS = 16_384;

  private static final int SALT_BYTES = 16;
  private static final int KEY_BITS = 256;
  private static final String MAC = "HmacSHA256";

  private ScramKeys() {}

  static byte[] hmac(byte[] key, byte[] text) {
    try {
      Mac mac = Mac.getInstance(MAC);
      mac.init(new SecretKeySpec(key, MAC));
      return mac.doFinal(text);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has " + MAC, e);
    }
  }

  static byte[] hash(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  static byte[] xor(byte[] one, byte[] other) {
    byte[] result = new byte[one.length];
    for (int i = 0; i < one.length; i++) {
      result[i] = (byte) (one[i] ^ other[i]);
    }
    return result;
  }

  /** Computes the client's key from a password. Slow. */
  static byte[] saltedPassword(String password, byte[] salt, int iterations) {
    String prepared = Normalizer.normalize(password, Normalizer.Form.NFKC);
    try {
      PBEKeySpec spec = new PBEKeySpec(prepared.toCharArray(), salt, iterations, KEY_BITS);
      return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256").generateSecret(spec).getEncoded();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has PBKDF2WithHmacSHA256", e);
    }
  }

  static byte[] clientKey(byte[] saltedPassword) {
    return hmac(saltedPassword, "Client Key".getBytes(StandardCharsets.US_ASCII));
  }

  static byte[] serverKey(byte[] saltedPassword) {
    return hmac(saltedPassword, "Server Key".getBytes(StandardCharsets.US_ASCII));
  }

  /** Computes the server's verifier for a new password. Slow. */
  static ScramVerifier verifier(String password) {
    byte[] salt = new byte[SALT_BYTES];
    new SecureRandom().nextBytes(salt);
    byte[] salted = saltedPassword(password, salt, ITERATIONS);
    return new ScramVerifier(ITERATIONS, salt, hash(clientKey(salted)), serverKey(salted));
  }
}
