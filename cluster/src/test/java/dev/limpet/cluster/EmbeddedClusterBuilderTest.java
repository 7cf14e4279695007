package dev.limpet.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.hivemq.client.mqtt.MqttClientSslConfig;
import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient;
import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient.Mqtt5Publishes;
import com.hivemq.client.mqtt.mqtt5.Mqtt5Client;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5ConnAckException;
import dev.limpet.broker.FixedPort;
import dev.limpet.broker.listener.Certificates;
import dev.limpet.broker.mqtt.ReasonCode;
import dev.limpet.broker.spi.Authentication;
import dev.limpet.broker.spi.Authenticator;
import dev.limpet.cluster.config.ListenerScheme;
import dev.limpet.cluster.config.ListenerUri;
import io.netty.pkitesting.X509Bundle;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Issue 7, item 23. The kind: what a node of its own can be told, those of an embedded cluster
 * could not.
 */
class EmbeddedClusterBuilderTest {

  private static final Authenticator ONLY_ANN =
      (request, origin) ->
          CompletableFuture.completedFuture(
              "ann".equals(request.userName())
                  ? Authentication.user("ann")
                  : Authentication.deny(ReasonCode.NOT_AUTHORIZED));

  @TempDir private Path folder;

  @Test
  void tls_an_authenticator_and_fixed_ports_go_together() throws Exception {
    Certificates certificates = new Certificates(folder);
    try (EmbeddedCluster cluster = FixedPort.start(port -> start(certificates, port))) {
      int first = cluster.node(0).stickyPort();
      assertThat(first).isBetween(10_000, 30_000);
      assertThat(cluster.node(1).stickyPort()).isEqualTo(first + 1);

      Mqtt5BlockingClient subscriber = ann("subscriber", certificates, tlsPort(cluster.node(0)));
      Mqtt5BlockingClient publisher = ann("publisher", certificates, tlsPort(cluster.node(1)));
      try (Mqtt5Publishes received = subscriber.publishes(MqttGlobalPublishFilter.ALL)) {
        subscriber.subscribeWith().topicFilter("t").send();
        Clients.publish(publisher, "t", "hello").join();
        assertThat(Clients.next(received)).isEqualTo("hello");
      }
      publisher.disconnect();
      subscriber.disconnect();

      for (EmbeddedNode node : cluster.nodes()) {
        assertThatThrownBy(() -> Clients.connect("stranger", node.stickyPort(), false))
            .isInstanceOf(Mqtt5ConnAckException.class);
        assertThatThrownBy(() -> tls("stranger", certificates, tlsPort(node)).connect())
            .isInstanceOf(Mqtt5ConnAckException.class);
      }
    }
  }

  @Test
  void other_machines_are_let_in_only_when_somebody_decides() {
    assertThatIllegalStateException()
        .isThrownBy(
            () -> EmbeddedCluster.builder().listener("mqtt://0.0.0.0:0?mode=direct").start(1))
        .withMessageContaining("authenticator(");
  }

  private EmbeddedCluster start(Certificates certificates, int port) {
    X509Bundle server = certificates.issue("node.example");
    Path certificate = certificates.certificateFile("node", server);
    Path key = certificates.keyFile("node", server);
    return EmbeddedCluster.builder()
        .authenticator(ONLY_ANN)
        .listener("mqtts://127.0.0.1:0?mode=sticky&cert=%s&key=%s".formatted(certificate, key))
        .port(port)
        .start(2);
  }

  private static int tlsPort(EmbeddedNode node) {
    return node.listeners().stream()
        .filter(listener -> listener.scheme() == ListenerScheme.MQTTS)
        .findFirst()
        .map(ListenerUri::port)
        .orElseThrow();
  }

  private static Mqtt5BlockingClient ann(String id, Certificates certificates, int port)
      throws Exception {
    Mqtt5BlockingClient client = tls(id, certificates, port);
    client.connectWith().simpleAuth().username("ann").applySimpleAuth().send();
    return client;
  }

  private static Mqtt5BlockingClient tls(String id, Certificates certificates, int port)
      throws Exception {
    return Mqtt5Client.builder()
        .identifier(id)
        .serverHost("127.0.0.1")
        .serverPort(port)
        .sslConfig(
            MqttClientSslConfig.builder()
                .trustManagerFactory(certificates.authority().toTrustManagerFactory())
                .hostnameVerifier((host, session) -> true)
                .build())
        .buildBlocking();
  }
}
