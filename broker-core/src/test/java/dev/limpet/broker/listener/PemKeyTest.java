package dev.limpet.broker.listener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.limpet.broker.connection.listener.ListenerOptions;
import dev.limpet.broker.connection.listener.TlsOptions;
import dev.limpet.broker.connection.listener.TlsOptions.Identity;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Issue 7, item 13. The kind: keys as the tools of the trade write them, in each form, and a
 * sentence with the command that helps for those that cannot be used. The keys are fixtures, see
 * keys/README.md.
 */
class PemKeyTest {
  private static final byte[] CONNECT = {
    0x10, 0x0D, 0, 4, 'M', 'Q', 'T', 'T', 4, 2, 0, 0, 0, 1, 'k'
  };

  @TempDir private Path folder;
  private final ListenerFixture fixture = new ListenerFixture();

  @AfterEach
  void close() {
    fixture.close();
  }

  private static Path fixtureFile(String name) throws URISyntaxException {
    return Path.of(PemKeyTest.class.getResource("/keys/" + name).toURI());
  }

  private int open(Path certificate, Path key) {
    TlsOptions tls = new TlsOptions(List.of(new Identity(certificate, key)), null);
    return fixture.open(ListenerOptions.tcp(ListenerFixture.NAME).withTls(tls));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "rsa-pkcs1",
        "rsa-pkcs8",
        "ec-sec1",
        "ec-sec1-parameters",
        "ec-sec1-curve-outside",
        "ed25519-pkcs8"
      })
  void a_client_shakes_hands_with_a_key_in_each_form(String name) throws Exception {
    Path certificate = fixtureFile(name + ".pem");
    int port = open(certificate, fixtureFile(name + ".key"));
    try (SSLSocket socket =
        (SSLSocket) trusting(certificate).getSocketFactory().createSocket("127.0.0.1", port)) {
      socket.setSoTimeout(60_000);
      OutputStream out = socket.getOutputStream();
      out.write(CONNECT);
      assertThat(socket.getInputStream().readNBytes(4)).containsExactly(0x20, 2, 0, 0);
    }
  }

  private static SSLContext trusting(Path certificate) throws Exception {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    try (InputStream in = Files.newInputStream(certificate)) {
      X509Certificate read =
          (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
      store.setCertificateEntry("it", read);
    }
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }

  @ParameterizedTest
  @ValueSource(strings = {"rsa-encrypted.key", "pkcs8-encrypted.key"})
  void an_encrypted_key_is_refused_with_the_command_that_opens_it(String name) throws Exception {
    Path certificate = fixtureFile("rsa-pkcs1.pem");
    Path key = fixtureFile(name);
    assertThatThrownBy(() -> open(certificate, key))
        .hasMessageContaining(name + " is encrypted")
        .hasMessageContaining("openssl pkey -in " + name);
  }

  @ParameterizedTest
  @CsvSource({"ec-sec1, rsa-pkcs1", "rsa-pkcs1, ec-sec1", "ec-sec1, ec-sec1-parameters"})
  void a_key_of_another_certificate_is_named_in_each_form(String certificate, String key)
      throws Exception {
    Path of = fixtureFile(certificate + ".pem");
    Path other = fixtureFile(key + ".key");
    assertThatThrownBy(() -> open(of, other))
        .hasMessageContaining(key + ".key does not belong to the certificate in")
        .hasMessageContaining(certificate + ".pem");
  }

  private Path file(String text) throws Exception {
    return Files.writeString(folder.resolve("bad.key"), text);
  }

  private void refused(String text, String... words) throws Exception {
    Path key = file(text);
    Path certificate = fixtureFile("ec-sec1.pem");
    assertThatThrownBy(() -> open(certificate, key)).message().contains("bad.key").contains(words);
  }

  private static String block(String label, String base64) {
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(label, base64, label);
  }

  @Test
  void what_is_no_key_is_refused_with_a_sentence() throws Exception {
    refused("", "holds no private key");
    refused("-----BEGIN EC PRIVATE KEY-----\nMHcC", "holds no private key");
    refused(block("OPENSSH PRIVATE KEY", "b3BlbnNzaA=="), "ssh-keygen -p -m PKCS8");
    refused(block("DSA PRIVATE KEY", "MA=="), "'DSA PRIVATE KEY'", "openssl pkey");
    refused(block("EC PRIVATE KEY", "MHcCAQEE"), "ends too early");
    refused(block("EC PRIVATE KEY", "MIT/////"), "ends too early");
    refused(block("EC PRIVATE KEY", "MAMCAQE="), "does not name its curve");
    refused(block("RSA PRIVATE KEY", "MAMCAQE="), "cannot make TLS of");
  }

  @Test
  void text_around_a_key_does_not_matter() throws Exception {
    String key = Files.readString(fixtureFile("ec-sec1.key"), StandardCharsets.US_ASCII);
    Path around =
        file(
            "Gr\u00fc\u00dfe\n"
                + Files.readString(fixtureFile("ec-sec1.pem"))
                + key.replace("\n", "\r\n")
                + "more\n");
    assertThat(open(fixtureFile("ec-sec1.pem"), around)).isPositive();
  }
}
