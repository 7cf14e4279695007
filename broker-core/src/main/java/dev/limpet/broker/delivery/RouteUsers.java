package dev.limpet.broker.delivery;

import dev.limpet.broker.metrics.BrokerMetrics;
import dev.limpet.broker.spi.cluster.Route;
import dev.limpet.broker.spi.cluster.RouteKind;
import dev.limpet.broker.spi.cluster.RouteTable;
import dev.limpet.broker.topic.SharedFilter;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts the users of a route on this node, so that the first user advertises it and the last one
 * withdraws it.
 *
 * <p>Thread-safe: one lock, held while the route table is told, so that it hears the changes of a
 * route in order.
 */
public final class RouteUsers {
  private static final Logger LOG = LoggerFactory.getLogger(RouteUsers.class);

  private record Key(SharedFilter filter, RouteKind kind) {}

  private record Weighted(Key key, int weight) {
    static Weighted of(Route route) {
      return new Weighted(new Key(route.filter(), route.kind()), route.weight());
    }
  }

  private static final class Users {
    private int count;
    private int weight = 1;
    private CompletableFuture<Void> advertised;

    Users(CompletableFuture<Void> advertised) {
      this.advertised = advertised;
    }
  }

  /** An answer that never came would stay with its filter; far above a cluster's usual time. */
  private static final long ANSWER_MILLIS_MAX = 60_000;

  private final Map<Key, Users> users = new HashMap<>();
  private final RouteTable routes;
  private final long answerMillisMax;

  public RouteUsers(RouteTable routes) {
    this(routes, ANSWER_MILLIS_MAX);
  }

  RouteUsers(RouteTable routes, long answerMillisMax) {
    this.routes = routes;
    this.answerMillisMax = answerMillisMax;
  }

  /** Has the routes counted. */
  public void register(BrokerMetrics metrics) {
    metrics.gauge(
        "limpet.routes.advertised", "Routes that this node's subscriptions need", this::size);
  }

  /** One user more; done when every live peer has the route. */
  public synchronized CompletionStage<Void> add(SharedFilter filter, RouteKind kind) {
    Key key = new Key(filter, kind);
    Users of = users.get(key);
    if (of == null) {
      of = new Users(advertise(key, 1));
      users.put(key, of);
    } else {
      retryIfFailed(key, of);
    }
    of.count++;
    weigh(key, of);
    return of.advertised;
  }

  /** Has peers know about how many members of a share group there are. */
  private void weigh(Key key, Users of) {
    int weight = key.filter.isShared() ? coarse(of.count) : 1;
    int before = of.weight;
    if (weight != before) {
      of.weight = weight;
      of.advertised = advertise(key, weight);
      withdraw(key, before);
    }
  }

  /** Exact up to 8 and a quarter too little at most above, so that large groups seldom change. */
  static int coarse(int count) {
    int shift = Math.max(0, 29 - Integer.numberOfLeadingZeros(count));
    return Math.min(RouteTable.WEIGHT_MAX, count >>> shift << shift);
  }

  private CompletableFuture<Void> advertise(Key key, int weight) {
    return routes
        .advertise(key.filter, key.kind, weight)
        .toCompletableFuture()
        .copy()
        .orTimeout(answerMillisMax, TimeUnit.MILLISECONDS);
  }

  /** One failure must not stay with a filter for as long as it has users. */
  private void retryIfFailed(Key key, Users of) {
    if (of.advertised.isCompletedExceptionally()) {
      of.advertised = advertise(key, of.weight);
    }
  }

  /** Done when every live peer has the route, which has a user already. */
  public synchronized CompletionStage<Void> advertised(SharedFilter filter, RouteKind kind) {
    Key key = new Key(filter, kind);
    Users of = users.get(key);
    if (of == null) {
      throw new IllegalStateException("no user of " + key);
    }
    retryIfFailed(key, of);
    return of.advertised;
  }

  /** One user less. */
  public synchronized void remove(SharedFilter filter, RouteKind kind) {
    Key key = new Key(filter, kind);
    Users of = users.get(key);
    if (of == null) {
      throw new IllegalStateException("no user of " + key);
    }
    if (--of.count == 0) {
      users.remove(key);
      withdraw(key, of.weight);
    } else {
      weigh(key, of);
    }
  }

  private void withdraw(Key key, int weight) {
    var unused =
        routes
            .withdraw(key.filter, key.kind, weight)
            .whenComplete(
                (done, failure) -> {
                  if (failure != null) {
                    LOG.warn(
                        "Withdrawing {} failed; peers keep sending for it: {}",
                        key,
                        failure,
                        failure);
                  }
                });
  }

  /**
   * Compares what the users need with what the route table was told, and tells it what it lacks.
   *
   * @return how many routes were wrong
   */
  public int align() {
    Set<Weighted> told = new HashSet<>();
    routes.own().forEach(route -> told.add(Weighted.of(route)));
    Set<Weighted> differing = needed();
    for (Weighted each : told) {
      if (!differing.remove(each)) {
        differing.add(each);
      }
    }
    return (int) differing.stream().filter(this::align).count();
  }

  private synchronized Set<Weighted> needed() {
    Set<Weighted> needed = new HashSet<>();
    users.forEach((key, of) -> needed.add(new Weighted(key, of.weight)));
    return needed;
  }

  /** Exact: under the lock that the table is told under. */
  private synchronized boolean align(Weighted route) {
    Key key = route.key;
    Users of = users.get(key);
    boolean isNeeded = of != null && of.weight == route.weight;
    if (isNeeded == routes.isOwn(key.filter, key.kind, route.weight)) {
      return false;
    }
    if (isNeeded) {
      of.advertised = advertise(key, route.weight);
    } else {
      withdraw(key, route.weight);
    }
    return true;
  }

  /** How many different routes this node advertises. */
  public synchronized int size() {
    return users.size();
  }
}
