package dev.limpet.broker.routing;

import static java.util.concurrent.CompletableFuture.completedFuture;

import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.mqtt.Delivery;
import dev.limpet.broker.mqtt.NodeId;
import dev.limpet.broker.mqtt.Publication;
import dev.limpet.broker.routing.plan.RoutePlans;
import dev.limpet.broker.routing.ports.RoutingPorts;
import dev.limpet.broker.routing.share.ShareGroup;
import dev.limpet.broker.routing.share.ShareGroup.ConnectedMember;
import dev.limpet.broker.routing.share.ShareGroup.InboxMember;
import dev.limpet.broker.routing.share.ShareGroup.Member;
import dev.limpet.broker.routing.share.ShareGroup.PeerMember;
import dev.limpet.broker.spi.ClusterUnavailableException;
import dev.limpet.broker.spi.cluster.RouteKind;
import dev.limpet.broker.spi.store.InboxTarget;
import dev.limpet.broker.topic.SharedFilter;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Redirects a delivery from one member of a share group to another, and only there: the
 * publication's other subscribers have had it (MQTT 5.0 section 4.8.2).
 *
 * <p>Thread-safe.
 */
public final class HandOver {
  private static final Logger LOG = LoggerFactory.getLogger(HandOver.class);

  /** A peer may have lost its last member meanwhile; then another peer is asked. */
  private static final int ATTEMPTS_MAX = 3;

  private final RoutingPorts ports;
  private final RoutePlans plans;

  HandOver(RoutingPorts ports, RoutePlans plans) {
    this.ports = ports;
    this.plans = plans;
  }

  /**
   * The member is gone, and its subscription no longer counts: any other one gets it.
   *
   * @param delivery that came by a share group
   * @return done, never exceptionally, when another member has it, or no member is left (counted as
   *     dropped)
   */
  public CompletableFuture<Void> handOn(Delivery delivery) {
    return handOn(delivery, group -> group.pick(delivery.publication()), ATTEMPTS_MAX);
  }

  /** The same when the members of this node are about to go, too. */
  public CompletableFuture<Void> handOnElsewhere(Delivery delivery) {
    return handOn(delivery, group -> group.pickElsewhere(delivery.publication()), ATTEMPTS_MAX);
  }

  /** The member is there but cannot take it: one other one is tried. */
  void refused(Delivery delivery, ClientId by) {
    var unused =
        handOn(delivery, group -> group.pickOther(delivery.publication(), by), ATTEMPTS_MAX);
  }

  /** A peer was picked by another node's view of it, and has no member: any other one gets it. */
  CompletableFuture<Void> misdirected(Publication publication, SharedFilter group) {
    return handOn(new Delivery(publication, publication.qos(), false, List.of(), group));
  }

  /** A peer was picked for a group: one of its connected members gets it, or else any other one. */
  void give(NodeId peer, Publication publication, SharedFilter group) {
    var unused =
        give(new PeerMember(peer, RouteKind.LIVE), publication, group)
            .exceptionallyCompose(failure -> misdirected(publication, group));
  }

  /** A peer hands on to a member here. */
  CompletableFuture<Void> forwarded(Publication publication, SharedFilter share, boolean durable) {
    ShareGroup group = find(publication, share);
    Member member =
        group == null
            ? null
            : durable ? group.pickInbox(publication) : group.pickConnected(publication);
    return member == null
        ? CompletableFuture.failedFuture(
            new ClusterUnavailableException("no member of " + share + " here", null))
        : give(member, publication, share);
  }

  private CompletableFuture<Void> handOn(
      Delivery delivery, Function<ShareGroup, @Nullable Member> pick, int attemptsLeft) {
    Publication publication = delivery.publication();
    SharedFilter share = delivery.share();
    ShareGroup group = share == null ? null : find(publication, share);
    Member member = group == null || attemptsLeft == 0 ? null : pick.apply(group);
    if (member == null || share == null) {
      ports.drops().nobodyLeft(delivery);
      return completedFuture(null);
    }
    return give(member, publication, share)
        .handle((given, failure) -> failure)
        .thenCompose(
            failure -> {
              if (failure == null) {
                ports.metrics().deliveryHandedOn();
                return completedFuture(null);
              }
              LOG.debug("{} did not take what {} was to get", member, share, failure);
              return handOn(delivery, pick, attemptsLeft - 1);
            });
  }

  private @Nullable ShareGroup find(Publication publication, SharedFilter share) {
    for (ShareGroup group : plans.of(publication.topic()).groups()) {
      if (group.filter().equals(share)) {
        return group;
      }
    }
    return null;
  }

  private CompletableFuture<Void> give(Member member, Publication publication, SharedFilter share) {
    if (member instanceof ConnectedMember session) {
      ports.delivery().deliver(session.subscriber(), session.terms().delivery(publication, share));
      return completedFuture(null);
    }
    if (member instanceof InboxMember inbox) {
      InboxTarget target =
          new InboxTarget(inbox.clientId(), inbox.terms().delivery(publication, share));
      return ports.sessions().append(publication, List.of(target)).toCompletableFuture();
    }
    PeerMember peer = (PeerMember) member;
    return ports
        .peers()
        .handOn(peer.node(), publication, share, peer.isDurable())
        .toCompletableFuture();
  }
}
