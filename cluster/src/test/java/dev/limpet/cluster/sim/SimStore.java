package dev.limpet.cluster.sim;

import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.spi.store.SessionImage;
import dev.limpet.cluster.directory.ClaimCell;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A node's way to claims and sessions: writes go in groups, one under way for each partition. */
final class SimStore {

  private record Write<T>(
      String clientId, Function<Replica.Entry, T> rule, CompletableFuture<T> answer) {
    T on(Replica replica) {
      return rule.apply(replica.of(clientId));
    }

    @SuppressWarnings("unchecked")
    void complete(Object value) {
      answer.complete((T) value);
    }
  }

  private final SimNode node;
  private final Map<Integer, Deque<Write<?>>> waiting = new HashMap<>();
  private final boolean[] underWay = new boolean[SimPartitions.COUNT];

  SimStore(SimNode node) {
    this.node = node;
  }

  /** A write to a session; those of one node to one inbox keep their order. */
  <T> CompletableFuture<T> write(ClientId clientId, Function<Replica.Entry, T> rule) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    int partition = SimPartitions.of(clientId.value());
    waiting
        .computeIfAbsent(partition, p -> new ArrayDeque<>())
        .add(new Write<>(clientId.value(), rule, answer));
    writeNext(partition);
    return answer;
  }

  private void writeNext(int partition) {
    Deque<Write<?>> queue = waiting.get(partition);
    if (underWay[partition] || queue == null || queue.isEmpty()) {
      return;
    }
    underWay[partition] = true;
    List<Write<?>> group = List.copyOf(queue);
    queue.clear();
    Function<Replica, List<Object>> work =
        replica -> {
          List<Object> answers = new ArrayList<>();
          group.forEach(write -> answers.add(write.on(replica)));
          return answers;
        };
    var unused =
        call(partition, true, work)
            .thenAccept(
                answers -> {
                  underWay[partition] = false;
                  for (int i = 0; i < group.size(); i++) {
                    group.get(i).complete(answers.get(i));
                  }
                  writeNext(partition);
                });
  }

  /** A step of the directory: the same attempt however often it is repeated. */
  <T> CompletableFuture<T> step(ClientId clientId, Function<ClaimCell, ClaimCell.Step<T>> rule) {
    return call(
        SimPartitions.of(clientId.value()),
        true,
        replica -> replica.of(clientId.value()).step(rule));
  }

  /** A read that is answered when the backup has what was read. */
  <T> CompletableFuture<T> readSafe(ClientId clientId, Function<Replica.Entry, T> question) {
    boolean safe = node.world.planted != Planted.UNSAFE_READ;
    return call(
        SimPartitions.of(clientId.value()),
        safe,
        replica -> question.apply(replica.of(clientId.value())));
  }

  <T> CompletableFuture<T> read(ClientId clientId, Function<Replica.Entry, T> question) {
    return call(
        SimPartitions.of(clientId.value()),
        false,
        replica -> question.apply(replica.of(clientId.value())));
  }

  CompletableFuture<Optional<SessionImage>> describe(ClientId clientId) {
    return read(clientId, entry -> image(clientId, entry));
  }

  static Optional<SessionImage> image(ClientId clientId, Replica.Entry entry) {
    return entry.write(cell -> cell.describe(clientId));
  }

  private <T> CompletableFuture<T> call(
      int partition, boolean writes, Function<Replica, @Nullable T> work) {
    return node.world.partitions.call(
        node, new SimPartitions.Operation<T>(partition, writes, work::apply));
  }
}
