package dev.limpet.store.retained;

import static java.util.concurrent.CompletableFuture.completedFuture;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.IMap;
import dev.limpet.broker.mqtt.Publication;
import dev.limpet.broker.spi.ClusterUnavailableException;
import dev.limpet.broker.spi.store.RetainedStore;
import dev.limpet.broker.spi.store.StoreUsage;
import dev.limpet.broker.topic.TopicFilter;
import dev.limpet.store.StoreMaps;
import dev.limpet.store.call.CallOptions;
import dev.limpet.store.call.MapNames;
import dev.limpet.store.call.RetryingCalls;
import dev.limpet.store.call.StoreMetrics;
import dev.limpet.store.call.StoreThreads;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Stores retained publications in a Hazelcast map by topic; the last writer wins.
 *
 * <p>Thread-safe; never blocks the caller: searches with wildcards run on two threads of their own,
 * behind a bounded queue, and one that finds it full fails.
 */
public final class HazelcastRetainedStore implements RetainedStore, AutoCloseable {
  private static final int QUERY_THREADS = 2;

  private final IMap<String, Publication> retained;
  private final LongSupplier wallMillis;
  private final StoreMetrics metrics;
  private final StoreThreads threads = new StoreThreads("limpet-retained");
  private final RetryingCalls calls;
  private final RetainedQuery query;
  private final RetainedUsage usage;
  private final RetainedSweep sweep;
  private final ExecutorService counts;
  private final RetainedOptions options;
  private final ThreadPoolExecutor queries;

  /**
   * @param hazelcast a member configured with {@link StoreMaps#configure}; not closed by the store
   * @param wallMillis the clock of all stores on these maps, in epoch milliseconds
   */
  public HazelcastRetainedStore(
      HazelcastInstance hazelcast,
      RetainedOptions options,
      CallOptions callOptions,
      LongSupplier wallMillis,
      MeterRegistry registry) {
    this.retained = hazelcast.getMap(MapNames.RETAINED);
    this.wallMillis = wallMillis;
    this.metrics = new StoreMetrics(registry);
    this.calls = new RetryingCalls(callOptions, threads, metrics);
    this.query = new RetainedQuery(retained);
    this.queries =
        new ThreadPoolExecutor(
            QUERY_THREADS,
            QUERY_THREADS,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(options.searchesMax()),
            StoreThreads.daemons("limpet-retained-query"));
    this.options = options;
    this.counts = Executors.newSingleThreadExecutor(StoreThreads.daemons("limpet-retained-count"));
    this.usage =
        new RetainedUsage(
            retained,
            options.topicsMax(),
            () -> hazelcast.getCluster().getMembers().size(),
            counts,
            System::nanoTime);
    this.sweep = new RetainedSweep(hazelcast, retained, wallMillis);
    metrics.gauge(
        "retained.queries",
        "Searches of retained messages that wait for a thread",
        () -> queries.getQueue().size());
    metrics.gauge(
        "retained.topics",
        "Retained messages whose partition this node owns",
        () -> retained.getLocalMapStats().getOwnedEntryCount());
  }

  @Override
  public CompletionStage<Void> retain(Publication publication) {
    String topic = publication.topic().value();
    boolean over = publication.isExpired(wallMillis.getAsLong());
    if (publication.payload().length() == 0 || over) {
      return calls.call(() -> retained.deleteAsync(topic)).thenApply(gone -> null);
    }
    return !isFull() && usage.reserve(false) ? setReserved(publication) : replace(publication);
  }

  private CompletionStage<Void> setReserved(Publication publication) {
    return set(publication).whenComplete((done, failure) -> usage.written());
  }

  /** Without a life of Hazelcast's, which its members judge by their own wall clocks. */
  private CompletionStage<Void> set(Publication publication) {
    return calls.call(() -> retained.setAsync(publication.topic().value(), publication));
  }

  private boolean isFull() {
    StoreUsage held = usage.get();
    return held.messages() >= options.topicsMax() || held.bytes() >= options.bytesMax();
  }

  /** Topics that are there keep being brought up to date; a new one has to find room. */
  private CompletionStage<Void> replace(Publication publication) {
    String topic = publication.topic().value();
    return calls
        .<@Nullable Publication>call(() -> retained.getAsync(topic))
        .thenCompose(
            present -> {
              if (present != null) {
                return set(publication);
              }
              return isFull() ? drop() : addAfterCount(publication);
            });
  }

  /** This node has used up its share of the last count; counts again, as there may be more room. */
  private CompletionStage<Void> addAfterCount(Publication publication) {
    return usage
        .countedAnew()
        .thenCompose(
            counted -> {
              if (isFull()) {
                return drop();
              }
              return usage.reserve(true) ? setReserved(publication) : addAfterCount(publication);
            });
  }

  private CompletionStage<Void> drop() {
    metrics.retainedDropped();
    return completedFuture(null);
  }

  /** From now on what has expired is removed, too; once the clock is right. */
  public void startSweeping() {
    sweep.start();
  }

  @Override
  public StoreUsage usage() {
    return usage.get();
  }

  @Override
  public CompletionStage<List<Publication>> match(TopicFilter filter, int messagesMax) {
    if (messagesMax < 1) {
      return completedFuture(List.of());
    }
    if (!filter.hasWildcard()) {
      return calls
          .<@Nullable Publication>call(() -> retained.getAsync(filter.value()))
          .thenApply(found -> found == null ? List.of() : living(List.of(found)));
    }
    return calls.call(() -> queried(filter, messagesMax)).thenApply(this::living);
  }

  private CompletionStage<List<Publication>> queried(TopicFilter filter, int messagesMax) {
    try {
      return CompletableFuture.supplyAsync(() -> query.match(filter, messagesMax), queries);
    } catch (RejectedExecutionException e) {
      metrics.rejected();
      throw new ClusterUnavailableException("too many searches of retained publications wait", e);
    }
  }

  private List<Publication> living(List<Publication> found) {
    long nowMillis = wallMillis.getAsLong();
    List<Publication> living = new ArrayList<>(found);
    living.removeIf(publication -> publication.isExpired(nowMillis));
    return living;
  }

  /** Releases the threads; pending calls are still answered. */
  @Override
  public void close() {
    sweep.close();
    calls.close();
    queries.shutdown();
    counts.shutdown();
    threads.close();
  }
}
