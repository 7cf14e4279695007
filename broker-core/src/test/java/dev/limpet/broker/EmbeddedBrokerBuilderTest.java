package dev.limpet.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.hivemq.client.mqtt.MqttClientSslConfig;
import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient;
import com.hivemq.client.mqtt.mqtt5.Mqtt5Client;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5ConnAckException;
import dev.limpet.broker.connection.listener.ListenerGuards;
import dev.limpet.broker.connection.listener.ListenerOptions;
import dev.limpet.broker.connection.listener.TlsOptions;
import dev.limpet.broker.listener.Certificates;
import dev.limpet.broker.mqtt.Qos;
import dev.limpet.broker.mqtt.ReasonCode;
import dev.limpet.broker.spi.Authentication;
import dev.limpet.broker.spi.Authenticator;
import dev.limpet.broker.spi.Authorizer;
import dev.limpet.broker.spi.BrokerEvents;
import dev.limpet.broker.spi.Claim;
import dev.limpet.broker.spi.ClientIdentity;
import dev.limpet.broker.spi.Decision;
import dev.limpet.broker.topic.SharedFilter;
import dev.limpet.broker.topic.TopicName;
import dev.limpet.broker.wire.ConnectSpec;
import dev.limpet.broker.wire.RawClient;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.pkitesting.X509Bundle;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Issue 7, item 23. The kind: what a node of its own can be told, an embedded one could not, so
 * that tests of applications left out who is let in, and by which door.
 */
class EmbeddedBrokerBuilderTest {

  /** Lets in whoever says to be Ann. */
  private static final Authenticator ONLY_ANN =
      (request, origin) ->
          CompletableFuture.completedFuture(
              "ann".equals(request.userName())
                  ? Authentication.user("ann")
                  : Authentication.deny(ReasonCode.NOT_AUTHORIZED));

  @TempDir private Path folder;

  @Test
  void tls_an_authenticator_and_a_fixed_port_go_together() throws Exception {
    Certificates certificates = new Certificates(folder);
    ListenerOptions tls = ListenerOptions.tcp("tls").withTls(tls(certificates));
    try (EmbeddedBroker broker =
        FixedPort.start(
            port ->
                EmbeddedBroker.builder()
                    .authenticator(ONLY_ANN)
                    .listener(tls, 0)
                    .port(port)
                    .start())) {
      assertThat(broker.port()).isBetween(10_000, 30_000).isEqualTo(broker.port("mqtt"));
      Mqtt5BlockingClient ann = client(certificates, broker.port("tls"));
      ann.connectWith().simpleAuth().username("ann").applySimpleAuth().send();
      assertThat(broker.connectionCount()).isOne();
      ann.disconnect();

      assertThatThrownBy(() -> client(certificates, broker.port("tls")).connect())
          .isInstanceOf(Mqtt5ConnAckException.class);
      assertThat(connack(broker.port(), "bob")).isEqualTo(ReasonCode.NOT_AUTHORIZED);
      assertThat(connack(broker.port(), "ann")).isEqualTo(ReasonCode.SUCCESS);
    }
  }

  @Test
  void a_listener_may_have_guards_and_limits_of_its_own() {
    ListenerOptions own =
        ListenerOptions.tcp("own")
            .withGuards(new ListenerGuards("own", ONLY_ANN, null, null))
            .withLimits(new ListenerOptions.Limits(1, 0, 10_000));
    SimpleMeterRegistry meters = new SimpleMeterRegistry();
    try (EmbeddedBroker broker =
            EmbeddedBroker.builder().listener(own, 0).registry(meters).port(0).start();
        RawClient ann =
            RawClient.connect(broker.port("own"), ConnectSpec.v5("a").userName("ann"))) {
      assertThat(connack(broker.port(), "bob")).isEqualTo(ReasonCode.SUCCESS);
      ann.ping();
      try (RawClient second = RawClient.open(broker.port("own"), ConnectSpec.v5("b").version())) {
        second.expectEnd();
      }
      assertThat(meters.get("limpet.connections").gauge().value()).isPositive();
    }
  }

  @Test
  void an_authorizer_events_and_limits_are_the_brokers() {
    List<String> heard = new CopyOnWriteArrayList<>();
    try (EmbeddedBroker broker =
            EmbeddedBroker.builder()
                .authorizer(new OnlyOpen())
                .events(new Listening(heard))
                .options(BrokerOptions.builder().sysIntervalSeconds(0).build())
                .start();
        RawClient client = RawClient.connect(broker.port(), ConnectSpec.v5("c"))) {
      assertThat(client.publish("shut", "x")).isEqualTo(ReasonCode.NOT_AUTHORIZED);
      assertThat(client.publish("open/x", "x")).isEqualTo(ReasonCode.NO_MATCHING_SUBSCRIBERS);
      client.subscribe("$SYS/#", Qos.AT_MOST_ONCE);
      client.ping(); // nothing came before its answer, since the options say no $SYS
      await().untilAsserted(() -> assertThat(heard).containsExactly("c"));
    }
  }

  @Test
  void other_machines_are_let_in_only_when_somebody_decides() {
    assertThatIllegalStateException()
        .isThrownBy(() -> EmbeddedBroker.builder().host("0.0.0.0").start())
        .withMessageContaining("0.0.0.0")
        .withMessageContaining("authenticator(");
    try (EmbeddedBroker broker =
        EmbeddedBroker.builder().host("0.0.0.0").authenticator(ONLY_ANN).start()) {
      assertThat(connack(broker.port(), "ann")).isEqualTo(ReasonCode.SUCCESS);
    }
  }

  @Test
  void what_cannot_be_used_is_named_with_what_to_do() {
    Path missing = folder.resolve("missing.pem");
    TlsOptions tls = new TlsOptions(List.of(new TlsOptions.Identity(missing, missing)), null);
    assertThatIllegalStateException()
        .isThrownBy(
            () ->
                EmbeddedBroker.builder()
                    .listener(ListenerOptions.tcp("tls").withTls(tls), 0)
                    .start())
        .withMessageContaining("listener \"tls\"")
        .withMessageContaining("missing.pem");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> EmbeddedBroker.builder().port(65_536))
        .withMessageContaining("65536");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> EmbeddedBroker.builder().listener(ListenerOptions.tcp("mqtt"), 0))
        .withMessageContaining("choose another name");
  }

  private static ReasonCode connack(int port, String user) {
    ConnectSpec spec = ConnectSpec.v5("c-" + user).userName(user);
    try (RawClient client = RawClient.open(port, spec.version())) {
      return client.connect(spec).reason();
    }
  }

  private static TlsOptions tls(Certificates certificates) {
    X509Bundle server = certificates.issue("node.example");
    return new TlsOptions(
        List.of(
            new TlsOptions.Identity(
                certificates.certificateFile("node", server),
                certificates.keyFile("node", server))),
        null);
  }

  private static Mqtt5BlockingClient client(Certificates certificates, int port) throws Exception {
    return Mqtt5Client.builder()
        .identifier("tls-client")
        .serverHost("127.0.0.1")
        .serverPort(port)
        .sslConfig(
            MqttClientSslConfig.builder()
                .trustManagerFactory(certificates.authority().toTrustManagerFactory())
                .hostnameVerifier((host, session) -> true)
                .build())
        .buildBlocking();
  }

  /** Anything below {@code open}, and nothing else. */
  private static final class OnlyOpen implements Authorizer {
    @Override
    public CompletableFuture<Decision> mayPublish(ClientIdentity client, TopicName topic) {
      return (topic.value().startsWith("open/") ? Decision.ALLOW : Decision.DENY).now();
    }

    @Override
    public CompletableFuture<Decision> maySubscribe(ClientIdentity client, SharedFilter filter) {
      return Decision.ALLOW.now();
    }
  }

  /** Writes down who connected. */
  private record Listening(List<String> heard) implements BrokerEvents {
    @Override
    public void connected(Claim claim, ClientIdentity client) {
      heard.add(client.clientId().value());
    }
  }
}
