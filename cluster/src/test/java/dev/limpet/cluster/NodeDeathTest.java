package dev.limpet.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.hivemq.client.mqtt.MqttClient;
import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient;
import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient.Mqtt5Publishes;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5DisconnectException;
import com.hivemq.client.mqtt.mqtt5.message.disconnect.Mqtt5DisconnectReasonCode;
import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.mqtt.NodeId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class NodeDeathTest {

  private EmbeddedCluster cluster;

  @BeforeEach
  void start() {
    cluster = EmbeddedCluster.start(3);
  }

  @AfterEach
  void stop() {
    cluster.close();
  }

  @Test
  void what_was_acknowledged_survives_the_death_of_the_home() {
    EmbeddedNode victim = cluster.node(1);
    String subscriber = idAtHome(victim, "survivor");
    Mqtt5BlockingClient first = Clients.connect(subscriber, victim.directPort(), true);
    first.subscribeWith().topicFilter("news/#").qos(MqttQos.AT_LEAST_ONCE).send();
    first.disconnect();
    Mqtt5BlockingClient publisher = Clients.connect("pub", cluster.node(0).directPort(), false);

    List<CompletableFuture<?>> acknowledged = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      acknowledged.add(Clients.publish(publisher, "news/x", "m" + i));
      if (i == 150) {
        cluster.crash(victim);
      }
    }
    CompletableFuture.allOf(acknowledged.toArray(CompletableFuture[]::new))
        .orTimeout(60, TimeUnit.SECONDS)
        .join();

    assertThat(drain(subscriber, cluster.node(2).directPort(), "m299"))
        .containsExactlyElementsOf(IntStream.range(0, 300).mapToObj(i -> "m" + i).toList());
    publisher.disconnect();
  }

  @Test
  void the_wills_of_a_dead_node_are_published_once() {
    EmbeddedNode victim = cluster.node(2);
    Mqtt5BlockingClient watcher = Clients.connect("watcher", cluster.node(0).directPort(), false);
    List<String> wills = new CopyOnWriteArrayList<>();
    watcher
        .toAsync()
        .publishes(
            MqttGlobalPublishFilter.ALL,
            will -> wills.add(new String(will.getPayloadAsBytes(), UTF_8)));
    watcher.subscribeWith().topicFilter("gone/#").qos(MqttQos.AT_LEAST_ONCE).send();
    Set<String> expected = new HashSet<>();
    for (int i = 0; i < 20; i++) {
      connectWithWill("mortal-" + i, victim.directPort());
      expected.add("mortal-" + i);
    }

    cluster.crash(victim);

    await().until(() -> wills.size() >= expected.size());
    cluster.awaitSettled();
    assertThat(wills).containsExactlyInAnyOrderElementsOf(expected);
    watcher.disconnect();
  }

  @Test
  void live_subscribers_elsewhere_go_on() {
    Mqtt5BlockingClient subscriber = Clients.connect("live", cluster.node(0).directPort(), false);
    try (Mqtt5Publishes received = subscriber.publishes(MqttGlobalPublishFilter.ALL)) {
      subscriber.subscribeWith().topicFilter("on/#").qos(MqttQos.AT_LEAST_ONCE).send();
      cluster.crash(cluster.node(1));
      Mqtt5BlockingClient publisher = Clients.connect("pub", cluster.node(2).directPort(), false);
      Clients.publish(publisher, "on/x", "still here").join();
      assertThat(Clients.next(received)).isEqualTo("still here");
      publisher.disconnect();
    }
    subscriber.disconnect();
  }

  @Test
  void a_node_that_stops_says_so_and_loses_nothing() {
    EmbeddedNode leaving = cluster.node(1);
    String subscriber = idAtHome(leaving, "resident");
    Mqtt5BlockingClient client = Clients.connect(subscriber, leaving.directPort(), true);
    client.subscribeWith().topicFilter("calm/#").qos(MqttQos.AT_LEAST_ONCE).send();
    CompletableFuture<Throwable> goodbye = new CompletableFuture<>();
    Mqtt5BlockingClient told =
        MqttClient.builder()
            .useMqttVersion5()
            .identifier("told")
            .serverHost("127.0.0.1")
            .serverPort(leaving.directPort())
            .addDisconnectedListener(context -> goodbye.complete(context.getCause()))
            .buildBlocking();
    told.connect();
    Mqtt5BlockingClient publisher = Clients.connect("pub", cluster.node(0).directPort(), false);
    Clients.publish(publisher, "calm/x", "before").join();

    cluster.stop(leaving);

    assertThat(goodbye.orTimeout(60, TimeUnit.SECONDS).join())
        .isInstanceOfSatisfying(
            Mqtt5DisconnectException.class,
            cause ->
                assertThat(cause.getMqttMessage().getReasonCode())
                    .isEqualTo(Mqtt5DisconnectReasonCode.SERVER_SHUTTING_DOWN));
    Clients.publish(publisher, "calm/x", "after").join();
    Set<String> inbox =
        new LinkedHashSet<>(drain(subscriber, cluster.node(2).directPort(), "after"));
    assertThat(inbox).endsWith("after");
    publisher.disconnect();
  }

  @Test
  void a_node_that_joins_takes_sessions_over_without_loss() {
    List<String> subscribers = IntStream.range(0, 8).mapToObj(i -> "settler-" + i).toList();
    for (String id : subscribers) {
      Mqtt5BlockingClient client = Clients.connect(id, cluster.node(0).directPort(), true);
      client.subscribeWith().topicFilter("land/#").qos(MqttQos.AT_LEAST_ONCE).send();
      client.disconnect();
    }
    Mqtt5BlockingClient publisher = Clients.connect("pub", cluster.node(0).directPort(), false);
    List<CompletableFuture<?>> acknowledged = new ArrayList<>();
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      acknowledged.add(Clients.publish(publisher, "land/x", "m" + i));
      expected.add("m" + i);
      if (i == 50) {
        cluster.add();
      }
    }
    CompletableFuture.allOf(acknowledged.toArray(CompletableFuture[]::new)).join();
    cluster.awaitSettled();
    Clients.publish(publisher, "land/x", "last").join();
    expected.add("last");

    for (String id : subscribers) {
      assertThat(drain(id, cluster.node(3).directPort(), "last")).isEqualTo(expected);
    }
    publisher.disconnect();
  }

  private String idAtHome(EmbeddedNode node, String prefix) {
    NodeId home = node.broker().id();
    return IntStream.range(0, 1_000)
        .mapToObj(i -> prefix + i)
        .filter(id -> node.broker().cluster().membership().homeOf(ClientId.of(id)).equals(home))
        .findFirst()
        .orElseThrow();
  }

  private static void connectWithWill(String id, int port) {
    Clients.of(id, port)
        .connectWith()
        .willPublish()
        .topic("gone/" + id)
        .qos(MqttQos.AT_LEAST_ONCE)
        .payload(id.getBytes(UTF_8))
        .applyWillPublish()
        .send();
  }

  /**
   * All that waits for a durable subscriber, in the order of its coming.
   *
   * @param last what is waited for; what follows it has to come soon
   */
  private static List<String> drain(String id, int port, String last) {
    Mqtt5BlockingClient client = Clients.of(id, port);
    List<String> found = new ArrayList<>();
    try (Mqtt5Publishes received = client.publishes(MqttGlobalPublishFilter.ALL)) {
      assertThat(
              client
                  .connectWith()
                  .cleanStart(false)
                  .sessionExpiryInterval(0)
                  .send()
                  .isSessionPresent())
          .isTrue();
      String next = Clients.next(received);
      while (!next.equals("nothing")) {
        found.add(next);
        next = found.contains(last) ? Clients.next(received, 300) : Clients.next(received);
      }
    }
    client.disconnect();
    return found;
  }
}
