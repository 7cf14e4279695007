package dev.limpet.broker.wire;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/** The client's side of SCRAM-SHA-256, written from RFC 5802. Confined to its test. */
public final class ScramClient {
  private final String password;
  private final String bare;
  private String verifier = "";

  public ScramClient(String user, String password) {
    this.password = password;
    this.bare = "n=" + user + ",r=clientnonce";
  }

  public String first() {
    return "n,," + bare;
  }

  /** The answer to the server's challenge. */
  public String last(String challenge) {
    String[] parts = challenge.split(",", -1);
    byte[] salt = Base64.getDecoder().decode(parts[1].substring(2));
    int iterations = Integer.parseInt(parts[2].substring(2));
    try {
      byte[] salted =
          SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
              .generateSecret(new PBEKeySpec(password.toCharArray(), salt, iterations, 256))
              .getEncoded();
      byte[] clientKey = hmac(salted, "Client Key");
      byte[] storedKey = MessageDigest.getInstance("SHA-256").digest(clientKey);
      String withoutProof = "c=biws," + parts[0];
      String all = bare + "," + challenge + "," + withoutProof;
      byte[] proof = hmac(storedKey, all);
      for (int i = 0; i < proof.length; i++) {
        proof[i] ^= clientKey[i];
      }
      verifier = "v=" + Base64.getEncoder().encodeToString(hmac(hmac(salted, "Server Key"), all));
      return withoutProof + ",p=" + Base64.getEncoder().encodeToString(proof);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What the server has to prove itself with. */
  public String expectedVerifier() {
    return verifier;
  }

  private static byte[] hmac(byte[] key, String text) throws GeneralSecurityException {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(key, "HmacSHA256"));
    return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
  }
}
