package dev.limpet.store.partition;

import static dev.limpet.broker.spi.Samples.await;
import static dev.limpet.broker.spi.Samples.delivery;
import static dev.limpet.broker.spi.Samples.newClientId;
import static dev.limpet.broker.spi.Samples.publication;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.limpet.broker.mqtt.BinaryReader;
import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.spi.ClusterUnavailableException;
import dev.limpet.broker.spi.durable.DurableSession;
import dev.limpet.broker.spi.durable.InboxLimits;
import dev.limpet.broker.spi.durable.StoredDelivery;
import dev.limpet.store.call.CallOptions;
import dev.limpet.store.call.StoreMetrics;
import dev.limpet.store.write.AppendToInbox;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.AbstractMap.SimpleEntry;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The group commit alone, with operations that are answered when the test says so. */
class GroupCommitTest {
  private static final CallOptions OPTIONS = new CallOptions(3, 1_000, 4_000, 1, 1);

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final Deque<Operation> underWay = new ArrayDeque<>();
  private final GroupCommit commit =
      new GroupCommit(
          id -> isElsewhere(id) ? 1 : 0, this::started, OPTIONS, new StoreMetrics(registry));
  private final ClientId client = newClientId();
  private final ClientId neighbour = newClientId();
  private final ClientId elsewhere = newClientId();
  private final List<String> answered = new ArrayList<>();

  @Test
  void one_operation_is_under_way_and_the_next_takes_what_gathered() {
    submit("a", 0);
    submit("b", 0);
    submit("c", 0);
    assertThat(underWay).hasSize(1);
    answer();
    assertThat(answered).containsExactly("a");
    assertThat(underWay).hasSize(1);
    answer();
    assertThat(answered).containsExactly("a", "b", "c");
    assertThat(underWay).isEmpty();
    assertThat(registry.counter("limpet.store.operations").count()).isEqualTo(2);
    assertThat(registry.counter("limpet.store.writes").count()).isEqualTo(3);
  }

  @Test
  void partitions_do_not_wait_for_each_other_but_sessions_of_one_do() {
    submit("a", 0);
    submitTo(neighbour, "b");
    submitTo(elsewhere, "c");
    assertThat(underWay).hasSize(2);
    answer();
    answer();
    assertThat(answered).containsExactly("a", "c");
    answer();
    assertThat(answered).containsExactly("a", "c", "b");
  }

  @Test
  void what_is_submitted_together_goes_in_one_operation_for_each_partition() {
    commit.submitAll(
        Stream.of(client, elsewhere, neighbour)
            .map(id -> new PendingWrite<>(id, append(0), BinaryReader::int64))
            .toList());
    assertThat(underWay).hasSize(2);
    assertThat(underWay.stream().map(operation -> operation.writes.clientIds()))
        .containsExactlyInAnyOrder(
            Set.of(client.value(), neighbour.value()), Set.of(elsewhere.value()));
  }

  @Test
  void a_session_that_could_not_be_changed_fails_alone() {
    CompletableFuture<Long> failing = submitTo(client, "a");
    underWay.remove().answer.complete(Map.of(client.value(), new byte[] {0}));
    assertThatThrownBy(() -> await(failing)).isInstanceOf(ClusterUnavailableException.class);
    submit("b", 0);
    answer();
    assertThat(answered).containsExactly("b");
  }

  @Test
  void an_operation_is_bounded_in_writes_and_in_bytes() {
    submit("a", 0);
    for (String name : List.of("b", "c", "d", "e")) {
      submit(name, 0);
    }
    answer();
    answer();
    assertThat(answered).containsExactly("a", "b", "c", "d");
    submit("f", 600);
    submit("g", 600);
    answer();
    assertThat(answered).endsWith("e");
    answer();
    assertThat(answered).endsWith("f");
    answer();
    assertThat(answered).endsWith("g");
  }

  @Test
  void what_waits_is_bounded_and_a_write_beyond_fails_at_once() {
    List<CompletableFuture<Long>> accepted = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      accepted.add(submit("n" + i, 900));
    }
    CompletableFuture<Long> refused = submit("too much", 900);
    assertThatThrownBy(() -> await(refused)).isInstanceOf(ClusterUnavailableException.class);
    assertThat(registry.counter("limpet.store.rejected").count()).isEqualTo(1);
    accepted.forEach(write -> answer());
    assertThat(accepted).allMatch(CompletableFuture::isDone);
    assertThat(submit("again", 900)).isNotDone();
  }

  @Test
  void a_failed_operation_fails_its_writes_and_lets_the_next_ones_go() {
    CompletableFuture<Long> failing = submit("a", 0);
    submit("b", 0);
    var failure = new ClusterUnavailableException("no answer", new IllegalStateException());
    underWay.remove().answer.completeExceptionally(failure);
    assertThatThrownBy(() -> await(failing)).isSameAs(failure);
    answer();
    assertThat(answered).containsExactly("b");
  }

  private boolean isElsewhere(ClientId id) {
    return id.equals(elsewhere);
  }

  private CompletableFuture<Long> submit(String name, int payloadBytes) {
    return submit(client, name, payloadBytes);
  }

  private CompletableFuture<Long> submitTo(ClientId id, String name) {
    return submit(id, name, 0);
  }

  private CompletableFuture<Long> submit(ClientId id, String name, int payloadBytes) {
    CompletableFuture<Long> answer =
        commit.submit(new PendingWrite<>(id, append(payloadBytes), BinaryReader::int64));
    answer.thenRun(() -> answered.add(name));
    return answer;
  }

  private static AppendToInbox append(int payloadBytes) {
    var publication = publication("t", "x".repeat(payloadBytes));
    StoredDelivery stored = StoredDelivery.of(delivery(publication));
    return new AppendToInbox(stored, InboxLimits.DEFAULT, 0);
  }

  private CompletableFuture<Map<String, byte[]>> started(int partition, PartitionWrites writes) {
    CompletableFuture<Map<String, byte[]>> answer = new CompletableFuture<>();
    underWay.add(new Operation(writes, answer));
    return answer;
  }

  private void answer() {
    Operation next = underWay.remove();
    Map<String, byte[]> answers = new HashMap<>();
    for (String id : next.writes.clientIds()) {
      answers.put(id, next.writes.process(new SimpleEntry<String, DurableSession>(id, null)));
    }
    next.answer.complete(answers);
  }

  private record Operation(PartitionWrites writes, CompletableFuture<Map<String, byte[]>> answer) {}
}
