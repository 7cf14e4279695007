package dev.limpet.broker.routing;

import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.mqtt.Publication;
import dev.limpet.broker.spi.ClusterUnavailableException;
import dev.limpet.broker.topic.SharedFilter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Holds publications, unacknowledged, whose home died until the new homes have indexed its
 * sessions. While one publication of a publisher waits, its later ones queue behind it.
 *
 * <p>Confined to its lane. Bounded by the publishers' unacknowledged messages, and in time.
 */
final class Parking {
  /** Longest wait; above detection and recovery together. In milliseconds. */
  static final long WAIT_MILLIS_MAX = 60_000;

  /**
   * When a publication came. Its id does not tell: a resumed one has that of another node.
   *
   * @param number counts what the lane has routed
   * @param untilMillis it waits no longer
   */
  record Turn(long number, long untilMillis) {}

  /**
   * A publication that waits.
   *
   * @param groups share groups still to serve; null for all that match
   * @param done completed when it is safe after all
   */
  record Parked(
      Publication publication,
      @Nullable Set<SharedFilter> groups,
      CompletableFuture<Void> done,
      Turn turn) {}

  /** The order in which they came. */
  static final Comparator<Parked> OLDEST_FIRST =
      Comparator.comparingLong(entry -> entry.turn().number());

  private List<Parked> parked = new ArrayList<>();
  private final Map<ClientId, Integer> publishers = new HashMap<>();

  boolean isEmpty() {
    return parked.isEmpty();
  }

  /** Whether an earlier publication of this client waits. */
  boolean holds(ClientId publisher) {
    return !publishers.isEmpty() && publishers.containsKey(publisher);
  }

  void add(Parked entry) {
    parked.add(entry);
    publishers.merge(entry.publication().publisher(), 1, Integer::sum);
  }

  /** Empties the parking and hands out its entries, oldest first: each may be parked again. */
  void flush(long nowMillis, Consumer<Parked> again) {
    List<Parked> all = parked;
    parked = new ArrayList<>();
    publishers.clear();
    all.sort(OLDEST_FIRST);
    for (Parked entry : all) {
      if (nowMillis >= entry.turn().untilMillis()) {
        entry
            .done()
            .completeExceptionally(
                new ClusterUnavailableException("a home has not recovered in time", null));
      } else {
        again.accept(entry);
      }
    }
  }
}
