package dev.limpet.broker.delivery;

import dev.limpet.broker.spi.RouteKind;
import dev.limpet.broker.spi.RouteTable;
import dev.limpet.broker.topic.SharedFilter;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts who on this node needs a route, so that the first user advertises it and the last one
 * withdraws it.
 *
 * <p>Thread-safe: one lock, held while the route table is told, so that it hears the changes of a
 * route in order.
 */
public final class RouteUsers {
  private static final Logger LOG = LoggerFactory.getLogger(RouteUsers.class);

  private record Key(SharedFilter filter, RouteKind kind) {}

  private static final class Users {
    private int count;
    private final CompletionStage<Void> advertised;

    Users(CompletionStage<Void> advertised) {
      this.advertised = advertised;
    }
  }

  private final Map<Key, Users> users = new HashMap<>();
  private final RouteTable routes;

  public RouteUsers(RouteTable routes) {
    this.routes = routes;
  }

  /** One user more; done when every live peer has the route. */
  public synchronized CompletionStage<Void> add(SharedFilter filter, RouteKind kind) {
    Users of =
        users.computeIfAbsent(
            new Key(filter, kind), key -> new Users(routes.advertise(filter, kind)));
    of.count++;
    return of.advertised;
  }

  /** Done when every live peer has the route, which has a user already. */
  public synchronized CompletionStage<Void> advertised(SharedFilter filter, RouteKind kind) {
    Users of = users.get(new Key(filter, kind));
    if (of == null) {
      throw new IllegalStateException("no user of " + filter + ", " + kind);
    }
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
      var unused =
          routes
              .withdraw(filter, kind)
              .whenComplete(
                  (done, failure) -> {
                    if (failure != null) {
                      LOG.warn(
                          "Withdrawing {} failed; peers send in vain: {}", key, failure, failure);
                    }
                  });
    }
  }

  /** How many different routes this node advertises. */
  public synchronized int size() {
    return users.size();
  }
}
