package dev.limpet.broker.listener;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** An authority of its own and what it signs, in PEM files. Confined to its test. */
public final class Certificates {
  private static final String ALTERNATIVE_NAMES = "2.5.29.17";

  private final Path folder;
  private final X509Bundle authority;

  public Certificates(Path folder) {
    this.folder = folder;
    this.authority = build(new CertificateBuilder().subject("CN=Authority"), null);
  }

  private static X509Bundle build(CertificateBuilder builder, X509Bundle issuer) {
    try {
      return issuer == null
          ? builder.setIsCertificateAuthority(true).buildSelfSigned()
          : builder.buildIssuedBy(issuer);
    } catch (Exception e) {
      throw new IllegalStateException("no certificate", e);
    }
  }

  /** A certificate of the authority, with its key, for a host or a user. */
  public X509Bundle issue(String commonName) {
    return build(
        new CertificateBuilder()
            .subject("CN=" + commonName)
            .addExtensionOctetString(ALTERNATIVE_NAMES, false, dnsName(commonName)),
        authority);
  }

  /** DER of a sequence of one name; the builder's own takes no wildcards. */
  private static byte[] dnsName(String name) {
    return Buffer.buffer()
        .appendByte((byte) 0x30)
        .appendByte((byte) (name.length() + 2))
        .appendByte((byte) 0x82)
        .appendByte((byte) name.length())
        .appendString(name)
        .getBytes();
  }

  public X509Bundle authority() {
    return authority;
  }

  public Path authorityFile() {
    return write("ca.pem", authority.getCertificatePEM());
  }

  public Path certificateFile(String name, X509Bundle bundle) {
    return write(name + ".pem", bundle.getCertificatePathPEM());
  }

  public Path keyFile(String name, X509Bundle bundle) {
    return write(name + ".key", bundle.getPrivateKeyPEM());
  }

  private Path write(String name, String text) {
    try {
      return Files.writeString(folder.resolve(name), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
