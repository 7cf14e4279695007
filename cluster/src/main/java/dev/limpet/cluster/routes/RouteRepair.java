package dev.limpet.cluster.routes;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.IMap;
import dev.limpet.broker.mqtt.NodeId;
import dev.limpet.broker.spi.cluster.Membership;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Brings the replica up to a peer's announcement by reading its authoritative set: one read per
 * peer at a time, repeated until it suffices or the peer is gone.
 *
 * <p>Thread-safe: this object's lock guards its state. Those who wait are bounded by the requests
 * of the peers.
 */
final class RouteRepair {

  private static final long PAUSE_MILLIS = 100;

  private final IMap<String, RouteSet> truth;
  private final RouteReplica replica;
  private final Membership membership;
  private final Counter repairs;
  private final Map<NodeId, TreeMap<Long, CompletableFuture<Void>>> waiting = new HashMap<>();
  private final Set<NodeId> reading = new HashSet<>();

  RouteRepair(
      HazelcastInstance hazelcast,
      RouteReplica replica,
      Membership membership,
      MeterRegistry registry) {
    this.truth = hazelcast.getMap(RouteMap.NAME);
    this.replica = replica;
    this.membership = membership;
    this.repairs =
        Counter.builder("limpet.routes.repairs")
            .description(
                "Times this node reloaded the routes of a peer because it missed or mixed up changes")
            .register(registry);
  }

  /** Done when the replica holds the node's change with this number, or the node is gone. */
  CompletionStage<Void> reach(NodeId node, long sequence) {
    if (replica.sequence(node) >= sequence) {
      return CompletableFuture.completedStage(null);
    }
    CompletableFuture<Void> done;
    synchronized (this) {
      done =
          waiting
              .computeIfAbsent(node, id -> new TreeMap<>())
              .computeIfAbsent(sequence, number -> new CompletableFuture<>());
    }
    repairs.increment();
    read(node);
    return done;
  }

  /** Lets go of those who wait for a node that is gone. */
  void left(NodeId node) {
    release(node, Long.MAX_VALUE);
  }

  private void read(NodeId node) {
    synchronized (this) {
      if (!reading.add(node)) {
        return;
      }
    }
    truth
        .getAsync(RouteMap.key(node))
        .whenComplete((set, failure) -> read(node, failure == null ? set : null));
  }

  private void read(NodeId node, @Nullable RouteSet set) {
    boolean live = membership.isLive(node);
    if (set != null) {
      replica.load(set, live);
    }
    synchronized (this) {
      reading.remove(node);
    }
    release(node, live ? replica.sequence(node) : Long.MAX_VALUE);
    if (isAwaited(node)) {
      Executor later = CompletableFuture.delayedExecutor(PAUSE_MILLIS, TimeUnit.MILLISECONDS);
      later.execute(() -> read(node));
    }
  }

  private synchronized boolean isAwaited(NodeId node) {
    return waiting.containsKey(node);
  }

  private void release(NodeId node, long reached) {
    List<CompletableFuture<Void>> released = new ArrayList<>();
    synchronized (this) {
      TreeMap<Long, CompletableFuture<Void>> awaited = waiting.get(node);
      if (awaited != null) {
        Map<Long, CompletableFuture<Void>> done = awaited.headMap(reached, true);
        released.addAll(done.values());
        done.clear();
        if (awaited.isEmpty()) {
          waiting.remove(node);
        }
      }
    }
    released.forEach(each -> each.complete(null));
  }
}
