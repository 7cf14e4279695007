package dev.limpet.broker.connection.listener;

import dev.limpet.broker.files.FileProblemException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;

/**
 * Checks whether a key belongs to a certificate. Renewals write one file after the other, and in
 * between every handshake would fail. Stateless.
 */
final class KeyMatch {
  private static final byte[] SAMPLE = "limpet".getBytes(StandardCharsets.US_ASCII);

  private KeyMatch() {}

  /**
   * Signs with the one and verifies with the other.
   *
   * @param certificate PEM, the server's own first
   * @param file where the key is from
   * @throws FileProblemException when they do not belong together
   */
  static void require(Path certificate, Path file, PemKey key) throws IOException {
    try {
      if (belongTogether(publicKey(certificate), key)) {
        return;
      }
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new FileProblemException(sentence(certificate, file) + ": " + e.getMessage(), e);
    }
    throw new FileProblemException(sentence(certificate, file));
  }

  private static String sentence(Path certificate, Path key) {
    return "the key in %s does not belong to the certificate in %s".formatted(key, certificate);
  }

  private static PublicKey publicKey(Path certificate)
      throws IOException, GeneralSecurityException {
    try (InputStream in = Files.newInputStream(certificate)) {
      return CertificateFactory.getInstance("X.509").generateCertificate(in).getPublicKey();
    }
  }

  private static boolean belongTogether(PublicKey open, PemKey key)
      throws GeneralSecurityException {
    String algorithm = signature(open.getAlgorithm());
    if (algorithm.isEmpty()) {
      return true; // of a kind that cannot be compared: the TLS context has already accepted it
    }
    PrivateKey secret =
        KeyFactory.getInstance(open.getAlgorithm())
            .generatePrivate(new PKCS8EncodedKeySpec(key.der()));
    Signature signing = Signature.getInstance(algorithm);
    signing.initSign(secret);
    signing.update(SAMPLE);
    byte[] signed = signing.sign();
    signing.initVerify(open);
    signing.update(SAMPLE);
    return signing.verify(signed);
  }

  /** Names the signature algorithm for keys of this kind; empty for unknown kinds. */
  private static String signature(String keyAlgorithm) {
    return switch (keyAlgorithm) {
      case "RSA" -> "SHA256withRSA";
      case "EC" -> "SHA256withECDSA";
      case "EdDSA", "Ed25519", "Ed448" -> "EdDSA";
      default -> "";
    };
  }
}
