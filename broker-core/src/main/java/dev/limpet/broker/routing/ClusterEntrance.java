package dev.limpet.broker.routing;

import dev.limpet.broker.delivery.HomeIndex;
import dev.limpet.broker.delivery.RouteUsers;
import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.mqtt.Delivery;
import dev.limpet.broker.mqtt.NodeId;
import dev.limpet.broker.mqtt.Publication;
import dev.limpet.broker.mqtt.Will;
import dev.limpet.broker.routing.ports.RoutingPorts;
import dev.limpet.broker.routing.replay.PeerReplays;
import dev.limpet.broker.spi.Claim;
import dev.limpet.broker.spi.cluster.AuditedBroker;
import dev.limpet.broker.spi.cluster.ClientView;
import dev.limpet.broker.spi.cluster.ClusterListener;
import dev.limpet.broker.spi.cluster.Ending;
import dev.limpet.broker.spi.cluster.Holding;
import dev.limpet.broker.spi.cluster.Membership;
import dev.limpet.broker.spi.cluster.NotHomeException;
import dev.limpet.broker.spi.cluster.ReplayStep;
import dev.limpet.broker.spi.store.InboxEntry;
import dev.limpet.broker.spi.store.InboxListener;
import dev.limpet.broker.spi.store.SessionImage;
import dev.limpet.broker.topic.SharedFilter;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Passes calls of peers and the store on to the package concerned. Keeps no state.
 *
 * <p>Thread-safe.
 */
public final class ClusterEntrance implements ClusterListener, InboxListener {
  private static final Logger LOG = LoggerFactory.getLogger(ClusterEntrance.class);

  private final RoutingPorts ports;
  private final Router router;
  private final WillClock wills;
  private final ConnectedSessions connected;
  private final SessionExpiry expiry;
  private final HomeIndex index;
  private final LeftShares leftShares;
  private final PeerReplays peerReplays;
  private final AuditedBroker audited;

  /**
   * @param routes aligned with the subscriptions by the audit
   */
  public ClusterEntrance(
      RoutingPorts ports,
      Router router,
      WillClock wills,
      ConnectedSessions connected,
      RouteUsers routes) {
    this.ports = ports;
    this.router = router;
    this.wills = wills;
    this.connected = connected;
    this.leftShares = new LeftShares(ports.sessions(), router.handOver());
    this.peerReplays = new PeerReplays(ports, router.inboxReplays(), router.settling());
    this.index = new HomeIndex(ports.sessions(), ports.durableSubscriptions(), this::indexed);
    this.audited = new AuditAccess(ports, connected, routes, this);
    this.expiry = new SessionExpiry(ports, wills, leftShares, this::reindexed);
  }

  /** Hands on the share group deliveries of ending sessions. */
  public LeftShares leftShares() {
    return leftShares;
  }

  /** Begins to end sessions whose time has come. */
  public void startExpiry() {
    expiry.start();
  }

  @Override
  public void onDeliver(Publication publication, List<SharedFilter> groups) {
    router.deliverForwarded(publication, groups);
  }

  @Override
  public CompletionStage<Void> onAppend(Publication publication, List<SharedFilter> groups) {
    return router.appendForwarded(publication, groups);
  }

  @Override
  public CompletionStage<Void> onHandOn(
      Publication publication, SharedFilter group, boolean durable) {
    return router.handOnForwarded(publication, group, durable);
  }

  @Override
  public CompletionStage<Ending> onEvict(Claim old) {
    return connected.evict(old);
  }

  @Override
  public CompletionStage<Set<SharedFilter>> onDeliverAgain(Publication publication) {
    return router.deliverAgain(publication);
  }

  @Override
  public CompletionStage<Long> onSettle() {
    return router.settling().here();
  }

  @Override
  public CompletionStage<Void> onReplay(NodeId host, ReplayStep step) {
    return peerReplays.step(host, step);
  }

  @Override
  public void onWake(Claim reader, long sequence) {
    connected.wake(reader, sequence);
  }

  @Override
  public CompletionStage<Void> onIndex(Collection<ClientId> clientIds) {
    Membership membership = ports.membership();
    List<ClientId> atHome =
        clientIds.stream().filter(id -> membership.homeOf(id).equals(membership.self())).toList();
    if (atHome.isEmpty() && !clientIds.isEmpty()) {
      return CompletableFuture.failedFuture(new NotHomeException(clientIds.iterator().next()));
    }
    return index.index(atHome);
  }

  @Override
  public Optional<ClientView> onInspect(ClientId clientId) {
    return connected.inspect(clientId);
  }

  @Override
  public void onIndexedElsewhere(Predicate<ClientId> moved) {
    ports.durableSubscriptions().forgetIf(moved);
    connected.wakeAll(moved);
  }

  @Override
  public void onOrphan(Claim orphan, @Nullable Will will) {
    var unused =
        ports
            .sessions()
            .closeOrphan(orphan)
            .thenCompose(closed -> ports.sessions().describe(orphan.clientId()))
            .thenCompose(session -> afterOrphan(orphan, will, session.isPresent()))
            .whenComplete(
                (nothing, failure) -> {
                  if (failure != null) {
                    LOG.warn("Closing {} of a dead host failed: {}", orphan, failure, failure);
                  }
                });
  }

  /**
   * A session that is left waits for its client, and its will with it; else the id is forgotten.
   */
  private CompletionStage<Void> afterOrphan(Claim orphan, @Nullable Will will, boolean waits) {
    if (waits) {
      if (will != null) {
        wills.publishLater(orphan, will.delaySeconds() * 1_000);
      }
      return onIndex(List.of(orphan.clientId()));
    }
    return wills
        .publishNow(orphan)
        .thenCompose(done -> ports.directory().forget(orphan.clientId(), orphan.epoch()));
  }

  @Override
  public void onServing(boolean serving) {
    if (!serving) {
      connected.cutOff();
    }
  }

  @Override
  public void onNodeLeft(NodeId node) {
    peerReplays.left(node);
    LOG.info("Node {} left; its sessions' new homes are recovering", node);
  }

  @Override
  public void onRecovered(NodeId departed) {
    router.recovered();
    connected.wakeAll(clientId -> true);
  }

  @Override
  public List<Holding> onHoldings(List<Claim> claims) {
    return audited.holdings(claims);
  }

  @Override
  public AuditedBroker audited() {
    return audited;
  }

  @Override
  public void dropped(ClientId clientId, Delivery delivery) {
    ports.drops().inboxFull(clientId, delivery);
  }

  @Override
  public void appended(ClientId clientId, InboxEntry entry) {
    Optional<SessionImage> image = ports.durableSubscriptions().session(clientId);
    NodeId host = image.map(SessionImage::host).orElse(null);
    if (host == null || host.equals(ports.membership().self())) {
      connected.offer(clientId, entry);
    } else {
      wake(image.get(), entry.sequence());
    }
  }

  /** Rereads it rather than forget it, so that no pending read brings it back. */
  private CompletionStage<Void> reindexed(ClientId clientId) {
    return index.index(List.of(clientId));
  }

  /** A session was read from the store: its host may have missed appends meanwhile. */
  private void indexed(SessionImage image) {
    expiry.watch(image);
    if (image.host() != null && image.inboxDepth() > 0) {
      wake(image, Long.MAX_VALUE);
    }
  }

  private void wake(SessionImage image, long sequence) {
    NodeId host = image.host();
    if (host == null) {
      return;
    }
    Claim reader = new Claim(image.clientId(), host, image.epoch());
    if (host.equals(ports.membership().self())) {
      connected.wake(reader, sequence);
    } else if (ports.membership().isLive(host)) {
      ports.peers().wake(reader, sequence);
    }
  }
}
