package dev.limpet.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient;
import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient.Mqtt5Publishes;
import com.hivemq.client.mqtt.mqtt5.message.disconnect.Mqtt5DisconnectReasonCode;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;
import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.cluster.http.ReadinessCheck;
import dev.limpet.store.call.MapNames;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Issue 9, item 9, on nodes whose wall clocks are ten minutes ahead and behind. The kind: a time
 * that one node writes and another judges by a clock of its own. Intervals here are longer than any
 * test and shorter than the difference of two clocks.
 */
class SkewedClocksTest {
  private static final long SECONDS = 300;
  private static final int NODES = 3;
  private static EmbeddedCluster cluster;
  private static int names;

  static LongSupplier skewed(int node) {
    long skewMillis = TimeUnit.MINUTES.toMillis(new int[] {0, 10, -10, 1_440}[node]);
    return () -> System.currentTimeMillis() + skewMillis;
  }

  @BeforeAll
  static void start() {
    cluster = EmbeddedCluster.builder().wallClocks(SkewedClocksTest::skewed).start(NODES);
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  static Stream<Arguments> pairs() {
    return IntStream.range(0, NODES * NODES).mapToObj(i -> Arguments.of(i / NODES, i % NODES));
  }

  private static Mqtt5BlockingClient connect(String id, int node, long expirySeconds) {
    Mqtt5BlockingClient client = Clients.of(id, cluster.node(node).directPort());
    client.connectWith().cleanStart(false).sessionExpiryInterval(expirySeconds).send();
    return client;
  }

  private static void publish(int node, String topic, boolean retain, long seconds) {
    Mqtt5BlockingClient publisher = connect("publisher-" + names++, node, 0);
    publisher
        .publishWith()
        .topic(topic)
        .qos(MqttQos.AT_LEAST_ONCE)
        .retain(retain)
        .messageExpiryInterval(seconds)
        .payload("body".getBytes(UTF_8))
        .send();
    publisher.disconnect();
  }

  private static Mqtt5Publish next(Mqtt5Publishes received) throws InterruptedException {
    return received.receive(60, TimeUnit.SECONDS).orElseThrow();
  }

  /** [MQTT-3.3.2-6]: it says what is left, and no test takes two minutes. */
  private static void assertLeft(Mqtt5Publish message) {
    assertThat(message.getMessageExpiryInterval().orElse(0)).isBetween(SECONDS - 120, SECONDS);
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void a_message_to_another_node_brings_what_is_left_of_its_life(int from, int to)
      throws InterruptedException {
    String topic = "live/" + names++;
    Mqtt5BlockingClient subscriber = connect("subscriber-" + names++, to, 0);
    try (Mqtt5Publishes received = subscriber.publishes(MqttGlobalPublishFilter.ALL)) {
      subscriber.subscribeWith().topicFilter(topic).qos(MqttQos.AT_LEAST_ONCE).send();
      publish(from, topic, false, SECONDS);
      assertLeft(next(received));
    }
    subscriber.disconnect();
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void a_session_and_its_inbox_live_as_long_as_was_said_wherever_they_are(int home, int host)
      throws InterruptedException {
    String topic = "stored/" + names++;
    String id = HomeIds.at(cluster, home, "durable-" + names++ + "-");
    Mqtt5BlockingClient first = connect(id, host, SECONDS);
    first.subscribeWith().topicFilter(topic).qos(MqttQos.AT_LEAST_ONCE).send();
    first.disconnect();
    publish((home + 1) % NODES, topic, false, SECONDS);
    Mqtt5BlockingClient second = Clients.of(id, cluster.node((host + 1) % NODES).directPort());
    try (Mqtt5Publishes received = second.publishes(MqttGlobalPublishFilter.ALL)) {
      assertThat(
              second
                  .connectWith()
                  .cleanStart(false)
                  .sessionExpiryInterval(0)
                  .send()
                  .isSessionPresent())
          .isTrue();
      assertLeft(next(received));
    }
    second.disconnect();
  }

  @Test
  void a_session_ends_in_time_wherever_it_is_at_home_and_was_served() {
    double before = expired();
    for (int i = 0; i < NODES * NODES; i++) {
      String id = HomeIds.at(cluster, i / NODES, "mortal-" + names++ + "-");
      connect(id, i % NODES, 1).disconnect();
    }
    await()
        .atMost(Duration.ofMinutes(2))
        .untilAsserted(() -> assertThat(expired()).isEqualTo(before + NODES * NODES));
  }

  private static double expired() {
    return cluster.nodes().stream()
        .mapToDouble(node -> node.meters().get("limpet.sessions.expired").counter().count())
        .sum();
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void a_retained_message_lives_as_long_as_was_said_whichever_node_keeps_it(int from, int to)
      throws InterruptedException {
    String topics = "kept/" + names++ + "/";
    for (int i = 0; i < 10; i++) {
      publish(from, topics + i, true, SECONDS);
    }
    Mqtt5BlockingClient subscriber = connect("subscriber-" + names++, to, 0);
    try (Mqtt5Publishes received = subscriber.publishes(MqttGlobalPublishFilter.ALL)) {
      subscriber.subscribeWith().topicFilter(topics + "#").qos(MqttQos.AT_LEAST_ONCE).send();
      for (int i = 0; i < 10; i++) {
        assertLeft(next(received));
      }
    }
    subscriber.disconnect();
  }

  @Test
  void a_retained_message_that_has_expired_leaves_the_map_of_whichever_node_keeps_it() {
    List<String> topics = IntStream.range(0, 20).mapToObj(i -> "brief/" + i).toList();
    topics.forEach(topic -> publish(topic.length() % NODES, topic, true, 1));
    var map = cluster.node(0).broker().cluster().hazelcast().getMap(MapNames.RETAINED);
    await().atMost(Duration.ofMinutes(2)).until(() -> topics.stream().noneMatch(map::containsKey));
  }

  @Test
  void each_node_tells_which_clocks_differ_from_its_own() {
    for (int i = 0; i < NODES; i++) {
      EmbeddedNode node = cluster.node(i);
      await()
          .until(() -> node.meters().find("limpet.peer.clock.offset.millis").gauges().size() == 2);
      await().until(() -> note(node).split("The clock of node").length == 3);
    }
    assertThat(note(cluster.node(0)))
        .matches(
            "The clock of node node-1 is (600.\\d|599.\\d) s ahead of this node's\\."
                + " The clock of node node-2 is (600.\\d|599.\\d) s behind this node's\\.");
  }

  private static String note(EmbeddedNode node) {
    return node.broker().view().readiness().checks().stream()
        .filter(check -> check.name().equals("clocks"))
        .map(ReadinessCheck::note)
        .findFirst()
        .orElse("");
  }

  @Test
  void sessions_that_move_to_a_joiner_or_lose_their_host_live_as_long_as_was_said()
      throws InterruptedException {
    try (EmbeddedCluster moved =
        EmbeddedCluster.builder().wallClocks(SkewedClocksTest::skewed).start(3)) {
      List<String> ids = new ArrayList<>();
      for (int i = 0; i < 30; i++) {
        String id = "moved-" + i;
        ids.add(id);
        Mqtt5BlockingClient client = Clients.of(id, moved.node(i % 3).directPort());
        client.connectWith().cleanStart(false).sessionExpiryInterval(SECONDS).send();
        if (i % 2 == 0) {
          client.disconnect(); // the others lose their host, or their connection at the end
        }
      }
      EmbeddedNode joiner = moved.add();
      moved.awaitSettled();
      moved.crash(moved.node(1));
      moved.awaitSettled();
      for (String id : ids) {
        Mqtt5BlockingClient client = Clients.of(id, joiner.directPort());
        assertThat(client.connectWith().cleanStart(false).send().isSessionPresent())
            .as(id)
            .isTrue();
        client.disconnect();
      }
    }
  }

  @Test
  void a_delayed_will_comes_in_time_when_its_host_has_died_meanwhile() {
    try (EmbeddedCluster mourning =
        EmbeddedCluster.builder().wallClocks(SkewedClocksTest::skewed).start(3)) {
      List<String> wills = new ArrayList<>();
      Mqtt5BlockingClient watcher = Clients.of("watcher", mourning.node(0).directPort());
      watcher.connect();
      watcher.toAsync().publishes(MqttGlobalPublishFilter.ALL, will -> add(wills, will));
      watcher.subscribeWith().topicFilter("gone/#").qos(MqttQos.AT_LEAST_ONCE).send();
      loseWithWill("late", mourning.node(2), SECONDS); // its due time is ten minutes ago
      mourning.crash(mourning.node(2));
      mourning.awaitSettled();
      loseWithWill("soon", mourning.node(1), 10); // due in ten minutes
      mourning.crash(mourning.node(1));
      await().atMost(Duration.ofMinutes(2)).until(() -> size(wills) > 0);
      mourning.awaitSettled();
      synchronized (wills) {
        assertThat(wills).containsExactly("soon");
      }
    }
  }

  private static int size(List<String> wills) {
    synchronized (wills) {
      return wills.size();
    }
  }

  private static void add(List<String> wills, Mqtt5Publish will) {
    synchronized (wills) {
      wills.add(new String(will.getPayloadAsBytes(), UTF_8));
    }
  }

  /** Connects, and the connection ends without a DISCONNECT that would cancel the will. */
  private static void loseWithWill(String id, EmbeddedNode host, long delaySeconds) {
    Mqtt5BlockingClient client = Clients.of(id, host.directPort());
    client
        .connectWith()
        .sessionExpiryInterval(3_600)
        .willPublish()
        .topic("gone/" + id)
        .qos(MqttQos.AT_LEAST_ONCE)
        .payload(id.getBytes(UTF_8))
        .delayInterval(delaySeconds)
        .applyWillPublish()
        .send();
    client
        .disconnectWith()
        .reasonCode(Mqtt5DisconnectReasonCode.DISCONNECT_WITH_WILL_MESSAGE)
        .send();
    await()
        .until(
            () ->
                host.broker()
                    .cluster()
                    .directory()
                    .find(ClientId.of(id))
                    .toCompletableFuture()
                    .get(60, TimeUnit.SECONDS)
                    .filter(claim -> !claim.connected())
                    .isPresent());
  }
}
