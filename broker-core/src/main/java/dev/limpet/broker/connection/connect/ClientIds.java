package dev.limpet.broker.connection.connect;

import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.mqtt.ConnectRequest;
import dev.limpet.broker.spi.cluster.Membership;
import java.util.UUID;

/** Names clients that have no id of their own. Stateless but for its port. */
final class ClientIds {
  /** Tries before an id with a home elsewhere is good enough. */
  private static final int ATTEMPTS_MAX = 100;

  private final Membership membership;

  ClientIds(Membership membership) {
    this.membership = membership;
  }

  /** Whether this CONNECT may leave its client id to the server [MQTT-3.1.3-6], [MQTT-3.1.3-7]. */
  boolean mayAssign(ConnectRequest request) {
    return switch (request.version()) {
      case V3_1 -> false;
      case V3_1_1 -> request.session().cleanStart();
      case V5 -> true;
    };
  }

  /** A new id whose home is this node, where its client has just arrived. */
  ClientId assign() {
    ClientId id = random();
    for (int i = 1; i < ATTEMPTS_MAX && !isAtHome(id); i++) {
      id = random();
    }
    return id;
  }

  private boolean isAtHome(ClientId id) {
    return membership.homeOf(id).equals(membership.self());
  }

  private static ClientId random() {
    return ClientId.of("limpet-" + UUID.randomUUID());
  }
}
