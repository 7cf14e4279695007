package dev.limpet.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient;
import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient.Mqtt5Publishes;
import com.hivemq.client.mqtt.mqtt5.message.connect.connack.Mqtt5ConnAck;
import dev.limpet.broker.mqtt.ClientId;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class EmbeddedClusterTest {

  private static EmbeddedCluster cluster;

  @BeforeAll
  static void start() {
    cluster = EmbeddedCluster.start(3);
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  @Test
  void what_is_published_at_one_node_arrives_at_every_other() {
    for (MqttQos qos : MqttQos.values()) {
      for (int from = 0; from < 3; from++) {
        for (int to = 0; to < 3; to++) {
          String topic = "pairs/" + qos.getCode() + "/" + from + "/" + to;
          Mqtt5BlockingClient subscriber = direct("sub", to);
          try (Mqtt5Publishes received = subscriber.publishes(MqttGlobalPublishFilter.ALL, true)) {
            subscriber.subscribeWith().topicFilter(topic).qos(qos).send();
            Mqtt5BlockingClient publisher = direct("pub", from);
            publisher.publishWith().topic(topic).qos(qos).payload(topic.getBytes(UTF_8)).send();
            assertThat(Clients.next(received)).isEqualTo(topic);
            publisher.disconnect();
          }
          subscriber.disconnect();
        }
      }
    }
  }

  @Test
  void a_sticky_port_brings_a_client_home() {
    for (int i = 0; i < 12; i++) {
      String id = "sticky-" + i;
      Mqtt5BlockingClient client = Clients.connect(id, cluster.node(i % 3).stickyPort(), false);
      var claim =
          cluster
              .node(0)
              .broker()
              .cluster()
              .directory()
              .find(ClientId.of(id))
              .toCompletableFuture()
              .join()
              .orElseThrow();
      assertThat(claim.claim().host())
          .isEqualTo(cluster.node(0).broker().cluster().membership().homeOf(ClientId.of(id)));
      assertThat(claim.address()).startsWith("127.0.0.1:");
      client.disconnect();
    }
  }

  @Test
  void a_session_follows_its_client_and_brings_its_messages_in_order() {
    Mqtt5BlockingClient first = Clients.connect("traveller", cluster.node(0).directPort(), true);
    first.subscribeWith().topicFilter("trip/#").qos(MqttQos.AT_LEAST_ONCE).send();
    first.disconnect();
    Mqtt5BlockingClient publisher = direct("pub", 2);
    for (int i = 0; i < 20; i++) {
      publisher
          .publishWith()
          .topic("trip/x")
          .qos(MqttQos.AT_LEAST_ONCE)
          .payload(("m" + i).getBytes(UTF_8))
          .send();
    }
    publisher.disconnect();

    Mqtt5BlockingClient second = Clients.of("traveller", cluster.node(1).directPort());
    try (Mqtt5Publishes received = second.publishes(MqttGlobalPublishFilter.ALL)) {
      Mqtt5ConnAck ack = second.connectWith().cleanStart(false).sessionExpiryInterval(0).send();
      assertThat(ack.isSessionPresent()).isTrue();
      for (int i = 0; i < 20; i++) {
        assertThat(Clients.next(received)).isEqualTo("m" + i);
      }
    }
    second.disconnect();
  }

  @Test
  void the_newer_connection_wins_on_whatever_node() {
    Mqtt5BlockingClient old = Clients.connect("contested", cluster.node(0).directPort(), false);
    Mqtt5BlockingClient young = Clients.connect("contested", cluster.node(1).directPort(), false);

    await().until(() -> !old.getState().isConnected());
    assertThat(young.getState().isConnected()).isTrue();
    young.disconnect();
  }

  /**
   * Issue 7, item 16, where both come by different nodes: each node remembers what it was made to
   * evict, so that each slows down who comes there.
   */
  @Test
  void clients_with_one_id_are_slowed_down_on_whatever_nodes_they_come_to() {
    for (int i = 0; i < 60 && !(pauses(0) > 0 && pauses(1) > 0); i++) {
      Clients.connect("twins", cluster.node(i % 2).directPort(), false);
    }
    assertThat(pauses(0)).isPositive();
    assertThat(pauses(1)).isPositive();
    Clients.connect("no-twin", cluster.node(0).directPort(), false).disconnect();
  }

  private double pauses(int node) {
    return cluster.node(node).meters().get("limpet.connects.pauses").functionCounter().count();
  }

  private static Mqtt5BlockingClient direct(String id, int node) {
    return Clients.connect(id + "-" + node, cluster.node(node).directPort(), false);
  }
}
