package dev.limpet.broker.listener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.hivemq.client.mqtt.MqttClientSslConfig;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient;
import com.hivemq.client.mqtt.mqtt5.Mqtt5Client;
import dev.limpet.broker.connection.listener.ListenerOptions;
import dev.limpet.broker.connection.listener.TlsOptions;
import dev.limpet.broker.connection.listener.TlsOptions.Identity;
import dev.limpet.broker.spi.ClientIdentity;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsListenerTest {
  @TempDir private Path folder;
  private Certificates certificates;
  private final ListenerFixture fixture = new ListenerFixture();

  @BeforeEach
  void makeCertificates() {
    certificates = new Certificates(folder);
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private Identity identity(String name) {
    X509Bundle bundle = certificates.issue(name);
    return new Identity(
        certificates.certificateFile(name, bundle), certificates.keyFile(name, bundle));
  }

  private static ListenerOptions options(TlsOptions tls) {
    return ListenerOptions.tcp(ListenerFixture.NAME).withTls(tls);
  }

  private Mqtt5BlockingClient client(int port, @Nullable X509Bundle user) throws Exception {
    KeyManagerFactory keys = user == null ? null : user.toKeyManagerFactory();
    return Mqtt5Client.builder()
        .identifier("tls-client")
        .serverHost("127.0.0.1")
        .serverPort(port)
        .sslConfig(
            MqttClientSslConfig.builder()
                .trustManagerFactory(certificates.authority().toTrustManagerFactory())
                .keyManagerFactory(keys)
                .hostnameVerifier((host, session) -> true)
                .build())
        .buildBlocking();
  }

  @Test
  void a_client_talks_through_tls() throws Exception {
    int port = fixture.open(options(new TlsOptions(List.of(identity("one.example")), null)));
    Mqtt5BlockingClient client = client(port, null);
    client.connect();
    try (Mqtt5BlockingClient.Mqtt5Publishes received =
        client.publishes(com.hivemq.client.mqtt.MqttGlobalPublishFilter.ALL)) {
      client.subscribeWith().topicFilter("a/#").qos(MqttQos.EXACTLY_ONCE).send();
      byte[] large = new byte[300_000];
      client.publishWith().topic("a/b").qos(MqttQos.EXACTLY_ONCE).payload(large).send();
      assertThat(received.receive().getPayloadAsBytes()).isEqualTo(large);
    }
    client.disconnect();
  }

  @Test
  void the_name_in_a_clients_certificate_is_its_user() throws Exception {
    TlsOptions tls = new TlsOptions(List.of(identity("one.example")), certificates.authorityFile());
    int port = fixture.open(options(tls));
    Mqtt5BlockingClient client = client(port, certificates.issue("alice"));
    client.connect();
    assertThat(fixture.seen).extracting(ClientIdentity::userName).containsExactly("alice");
    client.disconnect();
  }

  @Test
  void a_client_without_a_certificate_of_the_authority_is_kept_out() throws Exception {
    TlsOptions tls = new TlsOptions(List.of(identity("one.example")), certificates.authorityFile());
    int port = fixture.open(options(tls));
    X509Bundle stranger = new Certificates(Files.createDirectory(folder.resolve("x"))).issue("eve");
    assertThatThrownBy(() -> client(port, stranger).connect()).isNotNull();
    assertThatThrownBy(() -> client(port, null).connect()).isNotNull();
    await().until(() -> fixture.refused("tls") == 2);
    assertThat(fixture.seen).isEmpty();
  }

  private X509Certificate served(int port, @Nullable String host) throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, certificates.authority().toTrustManagerFactory().getTrustManagers(), null);
    try (SSLSocket socket =
        (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", port)) {
      if (host != null) {
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setServerNames(List.of(new SNIHostName(host)));
        socket.setSSLParameters(parameters);
      }
      socket.startHandshake();
      return (X509Certificate) socket.getSession().getPeerCertificates()[0];
    }
  }

  private String servedName(int port, @Nullable String host) throws Exception {
    return served(port, host).getSubjectX500Principal().getName();
  }

  @Test
  void the_host_a_client_names_chooses_the_certificate() throws Exception {
    List<Identity> identities =
        List.of(identity("one.example"), identity("two.example"), identity("*.wild.example"));
    int port = fixture.open(options(new TlsOptions(identities, null)));
    assertThat(servedName(port, null)).isEqualTo("CN=one.example");
    assertThat(servedName(port, "two.example")).isEqualTo("CN=two.example");
    assertThat(servedName(port, "TWO.example")).isEqualTo("CN=two.example");
    assertThat(servedName(port, "x.wild.example")).isEqualTo("CN=*.wild.example");
    assertThat(servedName(port, "unknown.example")).isEqualTo("CN=one.example");
  }

  @Test
  void new_certificates_count_from_the_next_handshake_on() throws Exception {
    int port = fixture.open(options(new TlsOptions(List.of(identity("one.example")), null)));
    Mqtt5BlockingClient client = client(port, null);
    client.connect();
    X509Certificate before = served(port, null);
    Files.writeString(folder.resolve("one.example.pem"), "half a file");
    assertThat(served(port, null)).isEqualTo(before);
    identity("one.example");
    await().until(() -> !served(port, null).equals(before));
    client.publishWith().topic("still/here").qos(MqttQos.AT_LEAST_ONCE).send();
    client.disconnect();
  }

  @Test
  void a_certificate_counts_once_its_key_is_there() throws Exception {
    int port = fixture.open(options(new TlsOptions(List.of(identity("one.example")), null)));
    X509Certificate before = served(port, null);
    X509Bundle renewed = certificates.issue("one.example");
    certificates.certificateFile("one.example", renewed);
    await()
        .during(Duration.ofSeconds(2)) // in which the file is looked at
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> assertThat(served(port, null)).isEqualTo(before));
    certificates.keyFile("one.example", renewed);
    await().untilAsserted(() -> assertThat(served(port, null)).isNotEqualTo(before));
  }

  @Test
  void a_key_of_another_certificate_is_named() {
    Identity one = identity("one.example");
    Identity mixed = new Identity(one.certificate(), identity("two.example").key());
    assertThatThrownBy(() -> fixture.open(options(new TlsOptions(List.of(mixed), null))))
        .hasMessageContaining("two.example.key does not belong to the certificate in")
        .hasMessageContaining("one.example.pem");
  }

  @Test
  void bytes_that_are_no_tls_cost_only_their_sender() throws IOException {
    int port = fixture.open(options(new TlsOptions(List.of(identity("one.example")), null)));
    try (Socket socket = new Socket("127.0.0.1", port)) {
      socket.setSoTimeout(60_000);
      socket
          .getOutputStream()
          .write(new byte[] {0x10, 0x0C, 0, 4, 'M', 'Q', 'T', 'T', 4, 2, 0, 0, 0, 0});
      assertThat(RawSocket.readToEnd(socket)).hasSizeLessThan(32);
    }
    await().until(() -> fixture.refused("tls") == 1);
    await().until(() -> fixture.connections() == 0);
  }

  @Test
  void a_handshake_that_does_not_go_on_ends() throws IOException {
    int port =
        fixture.open(
            options(new TlsOptions(List.of(identity("one.example")), null))
                .withLimits(new ListenerOptions.Limits(10, 0, 300)));
    try (Socket socket = new Socket("127.0.0.1", port)) {
      socket.setSoTimeout(60_000);
      socket.getOutputStream().write(0x16);
      assertThat(RawSocket.readToEnd(socket)).isEmpty();
    }
    await().until(() -> fixture.refused("timeout") == 1);
  }

  @Test
  void handshakes_that_do_not_go_on_leave_other_clients_alone() throws Exception {
    int port =
        fixture.open(
            options(new TlsOptions(List.of(identity("one.example")), null))
                .withLimits(new ListenerOptions.Limits(2_000, 0, 5_000)));
    Mqtt5BlockingClient client = client(port, null);
    client.connect();
    List<Socket> halfOpen = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      Socket socket = new Socket("127.0.0.1", port);
      socket.getOutputStream().write(0x16);
      halfOpen.add(socket);
    }
    client.publishWith().topic("still/here").qos(MqttQos.EXACTLY_ONCE).send();
    Mqtt5BlockingClient other =
        Mqtt5Client.builder()
            .serverHost("127.0.0.1")
            .serverPort(fixture.plainPort())
            .buildBlocking();
    other.connect();
    await().until(() -> fixture.refused("timeout") == 1_000);
    await().until(() -> fixture.connections() == 1);
    other.disconnect();
    client.disconnect();
    for (Socket socket : halfOpen) {
      socket.close();
    }
  }

  @Test
  void files_that_are_no_certificate_are_named() {
    Identity good = identity("one.example");
    Identity bad = new Identity(good.certificate(), good.certificate());
    assertThatThrownBy(() -> fixture.open(options(new TlsOptions(List.of(bad), null))))
        .hasMessageContaining("one.example.pem holds no private key")
        .hasMessageContaining("PKCS#8");
    Identity missing = new Identity(folder.resolve("none.pem"), good.key());
    assertThatThrownBy(() -> fixture.open(options(new TlsOptions(List.of(missing), null))))
        .hasMessageContaining("there is no file");
  }
}
