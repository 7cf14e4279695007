package dev.limpet.store.partition;

import dev.limpet.broker.mqtt.BinaryReader;
import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.spi.ClusterUnavailableException;
import dev.limpet.broker.spi.Stages;
import dev.limpet.store.call.CallOptions;
import dev.limpet.store.call.StoreMetrics;
import dev.limpet.store.write.SessionWrite;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Writes sessions with one operation in flight per partition; the next takes all writes gathered
 * since. So this node's writes to one session take effect in the order of submission, even if an
 * operation is retried, and a busy partition costs few operations.
 *
 * <p>Thread-safe: the map's lock of a partition guards its queue, which exists while an operation
 * is in flight. The bytes of all waiting writes are bounded; a write beyond fails at once.
 */
public final class GroupCommit {
  private final ConcurrentMap<Integer, PartitionQueue> queues = new ConcurrentHashMap<>();
  private final AtomicLong pendingBytes = new AtomicLong();
  private final ToIntFunction<ClientId> partitions;
  private final Operation operation;
  private final CallOptions options;
  private final StoreMetrics metrics;

  /** Applies writes to sessions of one partition. */
  @FunctionalInterface
  public interface Operation {
    /** The answer of each session; completed on a thread that may be used. */
    CompletionStage<Map<String, byte[]>> apply(int partition, PartitionWrites writes);
  }

  public GroupCommit(
      ToIntFunction<ClientId> partitions,
      Operation operation,
      CallOptions options,
      StoreMetrics metrics) {
    this.partitions = partitions;
    this.operation = operation;
    this.options = options;
    this.metrics = metrics;
    metrics.gauge("pending.bytes", "Bytes of writes that wait for the store", pendingBytes::get);
    metrics.gauge(
        "pending.partitions", "Partitions with writes that wait for the store", queues::size);
  }

  public <T extends @Nullable Object> CompletableFuture<T> submit(PendingWrite<T> write) {
    submitAll(List.of(write));
    return write.future();
  }

  /** Submits writes one after the other, but starts none before all that may join it are there. */
  public void submitAll(List<? extends PendingWrite<?>> writes) {
    List<Integer> toStart = new ArrayList<>();
    for (PendingWrite<?> write : writes) {
      try {
        int partition = partitions.applyAsInt(write.clientId());
        if (isAdmitted(write) && isStarter(write, partition)) {
          toStart.add(partition);
        }
      } catch (RuntimeException e) {
        write.fail(new ClusterUnavailableException("the member is shut down", e));
      }
    }
    toStart.forEach(this::commitNext);
  }

  private boolean isAdmitted(PendingWrite<?> write) {
    int bytes = write.write().bytes();
    if (pendingBytes.addAndGet(bytes) <= options.pendingBytesMax()) {
      return true;
    }
    pendingBytes.addAndGet(-bytes);
    metrics.rejected();
    write.fail(
        new ClusterUnavailableException(
            "too many bytes wait for the store", new RejectedExecutionException()));
    return false;
  }

  /** Queues the write; true when the queue was empty, so that the caller must start it. */
  private boolean isStarter(PendingWrite<?> write, int partition) {
    PartitionQueue queue =
        queues.compute(
            partition,
            (key, present) -> {
              PartitionQueue gathering = present == null ? new PartitionQueue(write) : present;
              gathering.waiting.add(write);
              return gathering;
            });
    return queue.starter == write;
  }

  private void commitNext(int partition) {
    List<PendingWrite<?>> batch = new ArrayList<>();
    queues.computeIfPresent(
        partition,
        (key, queue) -> {
          queue.drainTo(batch, options);
          return batch.isEmpty() ? null : queue;
        });
    if (!batch.isEmpty()) {
      metrics.committed(batch.size());
      operation
          .apply(partition, bySession(batch))
          .whenComplete((answers, failure) -> committed(partition, batch, answers, failure));
    }
  }

  private static PartitionWrites bySession(List<PendingWrite<?>> batch) {
    Map<String, List<SessionWrite>> writes = new HashMap<>();
    for (PendingWrite<?> write : batch) {
      writes.computeIfAbsent(write.clientId().value(), id -> new ArrayList<>(1)).add(write.write());
    }
    return new PartitionWrites(writes);
  }

  private void committed(
      int partition,
      List<PendingWrite<?>> batch,
      @Nullable Map<String, byte[]> answers,
      @Nullable Throwable failure) {
    for (PendingWrite<?> write : batch) {
      pendingBytes.addAndGet(-write.write().bytes());
    }
    if (answers != null) {
      read(batch, answers);
      batch.forEach(PendingWrite::complete);
    } else {
      ClusterUnavailableException reason = unavailable(failure);
      batch.forEach(write -> write.fail(reason));
    }
    // Not before: callers hear of one session's writes in order.
    commitNext(partition);
  }

  private static ClusterUnavailableException unavailable(@Nullable Throwable failure) {
    @Nullable Throwable cause = failure == null ? null : Stages.cause(failure);
    return cause instanceof ClusterUnavailableException known
        ? known
        : new ClusterUnavailableException("the store's answer is lost", cause);
  }

  private void read(List<PendingWrite<?>> batch, Map<String, byte[]> answers) {
    Map<String, BinaryReader> bySession = new HashMap<>();
    answers.forEach(
        (clientId, answer) -> {
          BinaryReader in = new BinaryReader(Buffer.buffer(answer));
          if (in.flag()) {
            bySession.put(clientId, in);
          }
        });
    for (PendingWrite<?> write : batch) {
      BinaryReader in = bySession.get(write.clientId().value());
      if (in != null) {
        write.read(in);
      } else {
        metrics.failed();
        write.fail(new ClusterUnavailableException("the owner could not change it", null));
      }
    }
  }

  /** The writes queued for one partition. Guarded by the map's lock of its number. */
  private static final class PartitionQueue {
    private final PendingWrite<?> starter;
    private final Deque<PendingWrite<?>> waiting = new ArrayDeque<>();

    PartitionQueue(PendingWrite<?> starter) {
      this.starter = starter;
    }

    void drainTo(List<PendingWrite<?>> batch, CallOptions options) {
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
