package dev.limpet.examples.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient;
import com.hivemq.client.mqtt.mqtt5.Mqtt5Client;
import com.hivemq.client.mqtt.mqtt5.message.connect.connack.Mqtt5ConnAck;
import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.cluster.EmbeddedCluster;
import dev.limpet.cluster.EmbeddedNode;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** How do I test my application against a cluster, and against the death of a node? */
class EmbeddedClusterTest {

  @Test
  void a_session_outlives_the_node_that_holds_it() throws InterruptedException {
    try (EmbeddedCluster cluster = EmbeddedCluster.start(3)) {
      Mqtt5BlockingClient application = client("application", cluster.node(0));
      connect(application);
      application.subscribeWith().topicFilter("rooms/+").qos(MqttQos.AT_LEAST_ONCE).send();
      application.disconnect();

      EmbeddedNode home = homeOf("application", cluster);
      EmbeddedNode other = cluster.nodes().stream().filter(node -> node != home).findFirst().get();
      Mqtt5BlockingClient sensor = client("sensor", other);
      sensor.connect();
      publish(sensor, "21");
      sensor.disconnect();
      cluster.crash(home);
      cluster.awaitSettled();

      Mqtt5BlockingClient again = client("application", other);
      try (var messages = again.publishes(MqttGlobalPublishFilter.ALL)) {
        assertThat(connect(again).isSessionPresent()).isTrue();
        assertThat(messages.receive(60, TimeUnit.SECONDS))
            .hasValueSatisfying(
                message -> assertThat(message.getPayloadAsBytes()).asString().isEqualTo("21"));
      }
      again.disconnect();
    }
  }

  private static EmbeddedNode homeOf(String clientId, EmbeddedCluster cluster) {
    String home = cluster.node(0).broker().view().homeOf(ClientId.of(clientId)).orElseThrow();
    return cluster.nodes().stream()
        .filter(node -> node.name().equals(home))
        .findFirst()
        .orElseThrow();
  }

  private static Mqtt5BlockingClient client(String id, EmbeddedNode node) {
    return Mqtt5Client.builder()
        .identifier(id)
        .serverHost("127.0.0.1")
        .serverPort(node.stickyPort())
        .buildBlocking();
  }

  private static Mqtt5ConnAck connect(Mqtt5BlockingClient client) {
    return client.connectWith().cleanStart(false).sessionExpiryInterval(3_600).send();
  }

  private static void publish(Mqtt5BlockingClient client, String word) {
    client
        .publishWith()
        .topic("rooms/kitchen")
        .qos(MqttQos.AT_LEAST_ONCE)
        .payload(word.getBytes(StandardCharsets.UTF_8))
        .send();
  }
}
