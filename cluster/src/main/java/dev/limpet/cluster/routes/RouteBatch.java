package dev.limpet.cluster.routes;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Collects changes of this node's routes to be written together. Guarded by its publisher's lock.
 */
final class RouteBatch {

  private static final int CHANGES_MAX = 4_096;
  private static final int BYTES_MAX = 1 << 20;

  /** Completes when all live peers have the changes. */
  final CompletableFuture<Void> done = new CompletableFuture<>();

  private final Map<RouteKey, Boolean> changes = new LinkedHashMap<>();
  private int bytes;

  boolean isFull() {
    return changes.size() >= CHANGES_MAX || bytes >= BYTES_MAX;
  }

  /** The last of several changes of one route counts. */
  void put(RouteKey key, boolean wanted) {
    if (changes.put(key, wanted) == null) {
      bytes += key.bytes();
    }
  }

  /** Whether a route is wanted; null when this says nothing about it. */
  @Nullable Boolean lastWord(RouteKey key) {
    return changes.get(key);
  }

  RouteDelta delta(long base) {
    List<RouteKey> added = new ArrayList<>();
    List<RouteKey> removed = new ArrayList<>();
    changes.forEach((key, wanted) -> (wanted ? added : removed).add(key));
    return new RouteDelta(base, base + 1, added, removed);
  }
}
