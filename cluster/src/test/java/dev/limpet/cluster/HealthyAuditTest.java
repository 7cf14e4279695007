package dev.limpet.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.hivemq.client.mqtt.MqttClient;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5AsyncClient;
import dev.limpet.cluster.audit.AuditPace;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Issue 9, the background audit. The kind: what looks for faults takes an ordinary race for one and
 * harms a healthy client.
 */
class HealthyAuditTest {
  private static final int STORMS = 4;
  private static final int STEPS = 50;
  private static final int IDS = 8;

  @Test
  void a_storm_of_connects_and_takeovers_gives_the_audit_nothing_to_mend() {
    nothingIsMendedDuring(cluster -> {});
  }

  /** Sessions, claims and routes move meanwhile. */
  @Test
  void a_join_and_an_orderly_stop_in_a_storm_give_the_audit_nothing_to_mend() {
    nothingIsMendedDuring(
        cluster -> {
          cluster.add();
          cluster.stop(cluster.nodes().get(cluster.nodes().size() - 1));
        });
  }

  private static void nothingIsMendedDuring(Consumer<EmbeddedCluster> change) {
    ExecutorService threads = Executors.newFixedThreadPool(STORMS);
    try (AuditFixture fixture = new AuditFixture(3, new AuditPace(50, 1_500))) {
      AtomicBoolean changed = new AtomicBoolean();
      double before = rounds(fixture);
      List<CompletableFuture<Integer>> storms =
          IntStream.range(0, STORMS)
              .mapToObj(
                  i ->
                      CompletableFuture.supplyAsync(
                          () -> storm(fixture, new Random(i), changed), threads))
              .toList();
      change.accept(fixture.cluster);
      changed.set(true);
      int served = storms.stream().mapToInt(CompletableFuture::join).sum();

      assertThat(served).isGreaterThan(STEPS);
      double during = rounds(fixture);
      assertThat(during).isGreaterThan(before);
      await().atMost(Duration.ofMinutes(2)).until(() -> rounds(fixture) > during + 60);
      assertThat(fixture.repaired()).isEmpty();
    } finally {
      threads.shutdownNow();
    }
  }

  /**
   * Connects with ids that others use as well, at any node; some clients stay until they are taken
   * over.
   *
   * @return how many were served before they were
   */
  private static int storm(AuditFixture fixture, Random random, AtomicBoolean changed) {
    int count = 0;
    for (int step = 0; step < STEPS || !changed.get(); step++) {
      int id = random.nextInt(IDS);
      boolean durable = id % 2 == 0;
      int node = random.nextInt(3);
      CompletableFuture<Boolean> ended = new CompletableFuture<>();
      Mqtt5AsyncClient client = client(fixture, "storm-" + id, node, ended);
      boolean leaves = random.nextBoolean();
      CompletableFuture<Boolean> served =
          client
              .connectWith()
              .cleanStart(!durable)
              .sessionExpiryInterval(durable ? 3_600 : 0)
              .send()
              .thenCompose(ack -> subscribe(client, id))
              .thenCompose(ack -> Clients.publish(client.toBlocking(), "storm/" + id, "x"))
              .thenCompose(
                  ack ->
                      leaves ? client.disconnect() : CompletableFuture.<Void>completedFuture(null))
              .handle((nothing, failure) -> failure == null);
      // What a client waits for when it is taken over its library never answers.
      boolean wasServed =
          served.applyToEither(ended, each -> each).orTimeout(60, TimeUnit.SECONDS).join();
      count += wasServed ? 1 : 0;
    }
    return count;
  }

  private static Mqtt5AsyncClient client(
      AuditFixture fixture, String id, int node, CompletableFuture<Boolean> ended) {
    return MqttClient.builder()
        .useMqttVersion5()
        .identifier(id)
        .serverHost("127.0.0.1")
        .serverPort(fixture.cluster.node(node).directPort())
        .addDisconnectedListener(context -> ended.complete(false))
        .buildAsync();
  }

  private static CompletableFuture<?> subscribe(Mqtt5AsyncClient client, int id) {
    String filter = (id % 4 == 0 ? "$share/group/" : "") + "storm/" + id % 3;
    return client.subscribeWith().topicFilter(filter).qos(MqttQos.AT_LEAST_ONCE).send();
  }

  private static double rounds(AuditFixture fixture) {
    return fixture.cluster.nodes().stream()
        .mapToDouble(node -> node.meters().get("limpet.audit.rounds").counter().count())
        .min()
        .orElseThrow();
  }
}
