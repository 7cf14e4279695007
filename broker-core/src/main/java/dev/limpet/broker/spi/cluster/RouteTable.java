package dev.limpet.broker.spi.cluster;

import dev.limpet.broker.topic.SharedFilter;
import dev.limpet.broker.topic.TopicName;
import java.util.Collection;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * Records which peers want which publications.
 *
 * <p>Thread-safe; no method blocks. This node's own routes are sent to the peers and are not among
 * the matches here.
 */
public interface RouteTable {

  /** The heaviest a route can be. */
  int WEIGHT_MAX = 64;

  /**
   * Tells every peer that this node wants matching publications. Idempotent: the caller counts the
   * users.
   *
   * @param weight 1 to {@link #WEIGHT_MAX}; routes of different weights are different routes
   * @return done when every live peer applied it, so that SUBACK may be sent (promise G3)
   */
  CompletionStage<Void> advertise(SharedFilter filter, RouteKind kind, int weight);

  /** The same for a route of weight 1. */
  default CompletionStage<Void> advertise(SharedFilter filter, RouteKind kind) {
    return advertise(filter, kind, 1);
  }

  /** Takes an advertised route back. Changes of one route take effect in the order of the calls. */
  CompletionStage<Void> withdraw(SharedFilter filter, RouteKind kind, int weight);

  /** The same for a route of weight 1. */
  default CompletionStage<Void> withdraw(SharedFilter filter, RouteKind kind) {
    return withdraw(filter, kind, 1);
  }

  /** Routes of this node that were advertised and not withdrawn, at some moment. */
  Collection<Route> own();

  /** Whether this node's last word on a route was that it wants it. */
  boolean isOwn(SharedFilter filter, RouteKind kind, int weight);

  /**
   * Visits the routes of peers that match. The durable routes of a node that died stay until its
   * sessions have been indexed by their new homes; its live routes go at once.
   */
  void match(TopicName topic, Consumer<? super Route> visitor);

  /** Changes with every change of the table: the key of caches of {@link #match}. */
  long version();
}
