package dev.limpet.store;

import dev.limpet.broker.mqtt.BinaryReader;
import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.spi.ClusterUnavailableException;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Writes sessions: one operation under way for each, the next takes all that has gathered since. So
 * the writes of this node to one session take effect in the order they were submitted in, also when
 * an operation has to be tried again, and a busy session costs few operations.
 *
 * <p>Thread-safe: the map's lock of a client id guards its queue, which exists while an operation
 * is under way. The bytes of all that waits are bounded; a write beyond fails at once.
 */
final class GroupCommit {
  private final ConcurrentMap<ClientId, KeyQueue> queues = new ConcurrentHashMap<>();
  private final AtomicLong pendingBytes = new AtomicLong();
  private final Operation operation;
  private final StoreOptions options;
  private final StoreMetrics metrics;

  /** Applies writes to one session. */
  @FunctionalInterface
  interface Operation {
    /** The answers of all the writes; completed on a thread that may be used. */
    CompletionStage<byte[]> apply(ClientId clientId, SessionWrites writes);
  }

  GroupCommit(Operation operation, StoreOptions options, StoreMetrics metrics) {
    this.operation = operation;
    this.options = options;
    this.metrics = metrics;
    metrics.gauge("pending.bytes", pendingBytes::get);
    metrics.gauge("pending.sessions", queues::size);
  }

  <T extends @Nullable Object> CompletableFuture<T> submit(PendingWrite<T> write) {
    int bytes = write.write().bytes();
    if (pendingBytes.addAndGet(bytes) > options.pendingBytesMax()) {
      pendingBytes.addAndGet(-bytes);
      metrics.rejected();
      write.fail(
          new ClusterUnavailableException(
              "too much waits to be stored", new RejectedExecutionException()));
      return write.future();
    }
    KeyQueue queue =
        queues.compute(
            write.clientId(),
            (id, present) -> {
              KeyQueue gathering = present == null ? new KeyQueue(write) : present;
              gathering.waiting.add(write);
              return gathering;
            });
    if (queue.starter == write) {
      commitNext(write.clientId());
    }
    return write.future();
  }

  private void commitNext(ClientId clientId) {
    List<PendingWrite<?>> batch = new ArrayList<>();
    queues.computeIfPresent(
        clientId,
        (id, queue) -> {
          queue.drainTo(batch, options);
          return batch.isEmpty() ? null : queue;
        });
    if (!batch.isEmpty()) {
      metrics.committed(batch.size());
      operation
          .apply(clientId, new SessionWrites(batch.stream().map(PendingWrite::write).toList()))
          .whenComplete((answers, failure) -> committed(clientId, batch, answers, failure));
    }
  }

  private void committed(
      ClientId clientId,
      List<PendingWrite<?>> batch,
      byte @Nullable [] answers,
      @Nullable Throwable failure) {
    for (PendingWrite<?> write : batch) {
      pendingBytes.addAndGet(-write.write().bytes());
    }
    if (answers != null) {
      BinaryReader in = new BinaryReader(Buffer.buffer(answers));
      batch.forEach(write -> write.read(in));
      batch.forEach(PendingWrite::complete);
    } else {
      Throwable reason = failure == null ? new IllegalStateException("no answer") : failure;
      batch.forEach(write -> write.fail(reason));
    }
    // Not before: callers hear of one session's writes in order.
    commitNext(clientId);
  }

  /** What waits for one session. Guarded by the map's lock of its client id. */
  private static final class KeyQueue {
    private final PendingWrite<?> starter;
    private final Deque<PendingWrite<?>> waiting = new ArrayDeque<>();

    KeyQueue(PendingWrite<?> starter) {
      this.starter = starter;
    }

    void drainTo(List<PendingWrite<?>> batch, StoreOptions options) {
      long bytes = 0;
      while (!waiting.isEmpty() && batch.size() < options.batchWritesMax()) {
        bytes += waiting.getFirst().write().bytes();
        if (!batch.isEmpty() && bytes > options.batchBytesMax()) {
          return;
        }
        batch.add(waiting.removeFirst());
      }
    }
  }
}
