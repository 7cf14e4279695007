package dev.limpet.broker.routing;

import dev.limpet.broker.delivery.RouteUsers;
import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.mqtt.NodeId;
import dev.limpet.broker.routing.ports.RoutingPorts;
import dev.limpet.broker.spi.Claim;
import dev.limpet.broker.spi.Stages;
import dev.limpet.broker.spi.cluster.AuditedBroker;
import dev.limpet.broker.spi.cluster.ClientView;
import dev.limpet.broker.spi.cluster.ClusterListener;
import dev.limpet.broker.spi.cluster.Holding;
import dev.limpet.broker.spi.cluster.Membership;
import dev.limpet.broker.spi.store.FencedException;
import dev.limpet.broker.spi.store.SessionImage;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Gives the audit access to connections, sessions at home and routes of this node. Keeps no state.
 *
 * <p>Thread-safe.
 */
final class AuditAccess implements AuditedBroker {
  private final RoutingPorts ports;
  private final ConnectedSessions connected;
  private final RouteUsers routes;
  private final ClusterListener here;

  /**
   * @param here indexes sessions whose home is this node
   */
  AuditAccess(
      RoutingPorts ports, ConnectedSessions connected, RouteUsers routes, ClusterListener here) {
    this.ports = ports;
    this.connected = connected;
    this.routes = routes;
    this.here = here;
  }

  @Override
  public List<Connected> connected() {
    return connected.connected();
  }

  @Override
  public List<Holding> holdings(List<Claim> claims) {
    return claims.stream().map(connected::holding).toList();
  }

  @Override
  public CompletionStage<List<SessionImage>> describe(Collection<ClientId> clientIds) {
    return ports.sessions().describe(clientIds);
  }

  @Override
  public Collection<ClientId> indexed() {
    return ports.durableSubscriptions().clientIds();
  }

  @Override
  public Optional<SessionImage> indexed(ClientId clientId) {
    return ports.durableSubscriptions().session(clientId);
  }

  @Override
  public CompletionStage<Boolean> restore(Claim claim) {
    String address = connected.inspect(claim.clientId()).map(ClientView::address).orElse("");
    return connected
        .whileConnected(claim, read -> ports.cluster().directory().restore(claim, address))
        .thenApply(restored -> restored.orElse(false));
  }

  @Override
  public CompletionStage<Boolean> endOutdone(Claim claim) {
    if (connected.holding(claim) != Holding.CONNECTED) {
      return CompletableFuture.completedFuture(false);
    }
    return connected.evictOutdone(claim).thenApply(ending -> true);
  }

  @Override
  public CompletionStage<Boolean> endWithoutSession(Claim claim) {
    boolean here = connected.holding(claim) == Holding.CONNECTED;
    if (here) {
      connected.close(claim, "its stored session is gone");
    }
    return CompletableFuture.completedFuture(here);
  }

  /**
   * Appends that came while the session was closed woke nobody: the reader looks again. A client
   * that has read from another copy of its inbox (the other side of a split) begins anew.
   */
  @Override
  public CompletionStage<Boolean> reopen(Claim claim) {
    return connected
        .whileConnected(
            claim, read -> ports.sessions().reopen(claim, read).handle(AuditAccess::isSame))
        .thenCompose(
            reopened -> {
              if (reopened.isEmpty()) {
                return CompletableFuture.completedFuture(false);
              }
              if (!reopened.get()) {
                connected.close(claim, "its stored session has changed");
                return CompletableFuture.completedFuture(true);
              }
              connected.wake(claim, Long.MAX_VALUE);
              return indexAtHome(claim.clientId()).thenApply(indexed -> true);
            });
  }

  private static boolean isSame(@Nullable Void nothing, @Nullable Throwable failure) {
    if (failure == null) {
      return true;
    }
    if (Stages.cause(failure) instanceof FencedException) {
      return false;
    }
    throw new CompletionException(Stages.cause(failure));
  }

  private CompletionStage<Void> indexAtHome(ClientId clientId) {
    Membership membership = ports.cluster().membership();
    NodeId home = membership.homeOf(clientId);
    return home.equals(membership.self())
        ? here.onIndex(List.of(clientId))
        : ports.cluster().peers().index(home, clientId);
  }

  @Override
  public CompletionStage<Long> stuckAt(Claim claim, long lastSequence) {
    return connected.stuckAt(claim, lastSequence);
  }

  @Override
  public int alignRoutes() {
    return routes.align();
  }
}
