package dev.limpet.broker.routing;

import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.mqtt.Delivery;
import dev.limpet.broker.mqtt.NodeId;
import dev.limpet.broker.mqtt.Publication;
import dev.limpet.broker.mqtt.PublicationId;
import dev.limpet.broker.routing.plan.RoutePlan;
import dev.limpet.broker.routing.plan.RoutePlans;
import dev.limpet.broker.routing.ports.RoutingPorts;
import dev.limpet.broker.routing.share.ShareGroup;
import dev.limpet.broker.routing.share.ShareGroup.InboxMember;
import dev.limpet.broker.spi.Stages;
import dev.limpet.broker.spi.cluster.PeerGoneException;
import dev.limpet.broker.topic.SharedFilter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Routes a QoS 2 publication whose first routing may be unfinished because its node died. It
 * reaches every subscriber that has not had it: each node knows what its connected sessions and
 * share group members have had ({@link Receipts}), and inboxes drop duplicates.
 *
 * <p>Thread-safe.
 */
final class SecondRouting {
  private final RoutingPorts ports;
  private final RoutePlans plans;
  private final Receipts receipts;

  SecondRouting(RoutingPorts ports, RoutePlans plans, Receipts receipts) {
    this.ports = ports;
    this.plans = plans;
    this.receipts = receipts;
  }

  /**
   * Whether the node that numbered a publication has routed it, so that only its inboxes are to be
   * made sure of. Waits until a node that does not answer is known to have left.
   *
   * @return fails when that node neither answers nor leaves
   */
  CompletableFuture<Boolean> isRouted(PublicationId id) {
    NodeId self = ports.membership().self();
    if (id.origin() == self.incarnation()) {
      return CompletableFuture.completedFuture(true);
    }
    for (NodeId node : ports.membership().nodes()) {
      if (node.incarnation() == id.origin()) {
        return ports
            .peers()
            .settle(node)
            .handle((last, failure) -> hasSettled(failure))
            .toCompletableFuture();
      }
    }
    return CompletableFuture.completedFuture(false);
  }

  private static boolean hasSettled(@Nullable Throwable failure) {
    if (failure == null) {
      return true;
    }
    Throwable cause = Stages.cause(failure);
    if (cause instanceof PeerGoneException) {
      return false;
    }
    throw new CompletionException(cause);
  }

  /**
   * Delivers to connected sessions everywhere that have not had it.
   *
   * @return the share groups that match and of which no member has had it
   */
  CompletableFuture<Set<SharedFilter>> deliver(Publication publication) {
    Set<SharedFilter> left = ConcurrentHashMap.newKeySet();
    List<ShareGroup> groups = plans.of(publication.topic()).groups();
    groups.forEach(group -> left.add(group.filter()));
    List<CompletableFuture<Void>> answers = new ArrayList<>();
    answers.add(deliverHere(publication).thenAccept(left::removeAll));
    NodeId self = ports.membership().self();
    for (NodeId peer : ports.membership().nodes()) {
      if (!peer.equals(self)) {
        answers.add(deliverAt(peer, publication).thenAccept(left::removeAll));
      }
    }
    return Stages.all(answers).thenApply(answered -> new HashSet<>(left));
  }

  private CompletableFuture<Set<SharedFilter>> deliverAt(NodeId peer, Publication publication) {
    return ports
        .peers()
        .deliverAgain(peer, publication)
        .handle(
            (had, failure) -> failure == null || hasSettled(failure) ? had : Set.<SharedFilter>of())
        .toCompletableFuture();
  }

  /**
   * The part of one node.
   *
   * @return the share groups of which a member that belongs to this node has had it
   */
  CompletableFuture<Set<SharedFilter>> deliverHere(Publication publication) {
    RoutePlan plan = plans.of(publication.topic());
    if (!receipts.has(publication.id(), null)) {
      receipts.note(publication.id(), null);
      ports.delivery().deliver(plan.local(), publication);
    }
    Set<SharedFilter> had = ConcurrentHashMap.newKeySet();
    List<CompletableFuture<Void>> answers = new ArrayList<>();
    for (ShareGroup group : plan.groups()) {
      if (receipts.has(publication.id(), group.filter())) {
        had.add(group.filter());
      } else {
        answers.add(isInInbox(publication, group).thenAccept(known -> note(had, group, known)));
      }
    }
    return Stages.all(answers).thenApply(answered -> had);
  }

  private static void note(Set<SharedFilter> had, ShareGroup group, boolean known) {
    if (known) {
      had.add(group.filter());
    }
  }

  /** The dead node may have been the home of the member it picked: the copy of its inbox tells. */
  private CompletableFuture<Boolean> isInInbox(Publication publication, ShareGroup group) {
    List<ClientId> members = group.inboxMembers().stream().map(InboxMember::clientId).toList();
    PublicationId id =
        new Delivery(publication, publication.qos(), false, List.of(), group.filter()).id();
    return members.isEmpty()
        ? CompletableFuture.completedFuture(false)
        : ports.sessions().knowsAny(members, id).toCompletableFuture();
  }
}
