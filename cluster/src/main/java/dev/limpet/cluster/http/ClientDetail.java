package dev.limpet.cluster.http;

import dev.limpet.broker.mqtt.Subscription;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Describes one client in full. Immutable.
 *
 * @param where the client is
 * @param epoch of the newest claim or, without one, of the session
 * @param durable whether its session outlives the connection
 * @param inbox deliveries it has not acknowledged
 * @param subscriptions in no order
 */
public record ClientDetail(
    Whereabouts where, long epoch, boolean durable, int inbox, List<Subscription> subscriptions) {

  public ClientDetail {
    subscriptions = List.copyOf(subscriptions);
  }

  /**
   * Where a client is. Immutable.
   *
   * @param home name of the node that holds its session
   * @param host name of the node where its connection ends; null while it is offline
   * @param address of the client, as the host saw it; null when unknown
   */
  public record Whereabouts(
      String clientId, String home, @Nullable String host, @Nullable String address) {

    public boolean connected() {
      return host != null;
    }
  }
}
