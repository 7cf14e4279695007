package dev.limpet.broker.routing;

import dev.limpet.broker.io.Lane;
import dev.limpet.broker.mqtt.NodeId;
import dev.limpet.broker.mqtt.Publication;
import dev.limpet.broker.mqtt.PublicationId;
import dev.limpet.broker.mqtt.Qos;
import dev.limpet.broker.routing.plan.RoutePlan;
import dev.limpet.broker.routing.plan.RoutePlans;
import dev.limpet.broker.routing.ports.Routed;
import dev.limpet.broker.routing.ports.RoutingPorts;
import dev.limpet.broker.routing.replay.InboxReplays;
import dev.limpet.broker.routing.replay.Inboxes;
import dev.limpet.broker.routing.replay.Settling;
import dev.limpet.broker.routing.replay.UnderWay;
import dev.limpet.broker.routing.share.ShareGroup;
import dev.limpet.broker.routing.share.ShareStrategy;
import dev.limpet.broker.spi.cluster.PeerLink;
import dev.limpet.broker.spi.store.InboxTarget;
import dev.limpet.broker.topic.SharedFilter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Sends publications to all their subscribers. Only its parts forward them to peers and append them
 * to inboxes.
 *
 * <p>Thread-safe. {@link #route} is called on the publisher's lane, which keeps its publications in
 * order.
 */
public final class Router {
  private final RoutingPorts ports;
  private final RoutePlans plans;
  private final HandOver handOver;
  private final Inboxes inboxes;
  private final InboxReplays inboxReplays;
  private final UnderWay underWay = new UnderWay();
  private final Settling settling;
  private final Receipts receipts = new Receipts();
  private final SecondRouting second;
  private final List<DurablePath> durablePaths = new ArrayList<>();
  private final List<Unconfirmed> unconfirmed = new ArrayList<>();

  public Router(RoutingPorts ports, ShareStrategy strategy) {
    this.ports = ports;
    this.plans = new RoutePlans(ports, strategy);
    this.handOver = new HandOver(ports, plans);
    this.inboxes = new Inboxes(ports.sessions(), ports.ids());
    this.inboxReplays = new InboxReplays(ports, inboxes);
    this.settling = new Settling(ports, underWay);
    this.second = new SecondRouting(ports, plans, receipts);
    for (Lane lane : ports.lanes().all()) {
      durablePaths.add(new DurablePath(lane, ports, plans, handOver, inboxes));
      unconfirmed.add(
          new Unconfirmed(lane, ports.membership(), held -> routeConfirmed(lane, held).safe()));
    }
    ports.metrics().gauge("limpet.route.plans", "Topics whose route plan is cached", plans::size);
  }

  /** Routes a publication that a client of this node sent. On the publisher's lane. */
  public Routed route(Lane lane, Publication publication) {
    Unconfirmed holding = unconfirmed.get(lane.index());
    return publication.qos().isAcknowledged() && holding.mustHold()
        ? new Routed(true, holding.hold(publication))
        : routeConfirmed(lane, publication);
  }

  private Routed routeConfirmed(Lane lane, Publication publication) {
    CompletableFuture<Void> retained = retain(publication);
    RoutePlan plan = plans.of(publication.topic());
    if (plan.isEmpty()) {
      return new Routed(false, retained);
    }
    ports.delivery().deliver(plan.local(), publication);
    boolean acknowledged = publication.qos().isAcknowledged();
    DurablePath durable = durablePaths.get(lane.index());
    if (acknowledged && durable.mustWait(publication, plan)) {
      forward(publication, plan, Map.of());
      return new Routed(
          true,
          unconfirmed.get(lane.index()).confirm(both(retained, durable.park(publication, null))));
    }
    if (plan.isLocal()) {
      return new Routed(true, retained);
    }
    GroupPicker picked = picker(publication);
    picked.pickAny(plan.groups());
    forward(publication, plan, picked.live());
    CompletableFuture<Void> safe =
        acknowledged ? durable.append(publication, plan, picked) : Routed.AT_ONCE;
    return new Routed(true, unconfirmed.get(lane.index()).confirm(both(retained, safe)));
  }

  /** {@link SecondRouting#isRouted}. */
  public CompletableFuture<Boolean> isRouted(PublicationId id) {
    return second.isRouted(id);
  }

  /**
   * Routes a QoS 2 publication under the id it was routed with before: subscribers that had it drop
   * it. For publications whose first routing an earlier connection may not have finished. Call on
   * the publisher's lane.
   *
   * @param isRouted whether that routing is known to have reached all but, maybe, inboxes
   */
  public CompletableFuture<Void> routeAgain(Lane lane, Publication publication, boolean isRouted) {
    CompletableFuture<Void> plain =
        both(retain(publication), append(lane, publication, Set.of())); // at once: in their order
    return unconfirmed
        .get(lane.index())
        .confirm(isRouted ? plain : both(plain, serveGroups(lane, publication)));
  }

  private CompletableFuture<Void> serveGroups(Lane lane, Publication publication) {
    return second
        .deliver(publication)
        .thenComposeAsync(
            groups -> groups.isEmpty() ? Routed.AT_ONCE : append(lane, publication, groups),
            lane.soonest());
  }

  private CompletableFuture<Void> append(
      Lane lane, Publication publication, Set<SharedFilter> groups) {
    return durablePaths
        .get(lane.index())
        .appendAgain(publication, plans.of(publication.topic()), groups);
  }

  /** {@link HandOver#forwarded}, for a peer. On any thread. */
  CompletableFuture<Void> handOnForwarded(
      Publication publication, SharedFilter group, boolean durable) {
    note(publication, group);
    return handOver.forwarded(publication, group, durable);
  }

  /** {@link SecondRouting#deliverHere}, for a peer. On any thread. */
  CompletableFuture<Set<SharedFilter>> deliverAgain(Publication publication) {
    return second.deliverHere(publication);
  }

  /** Delivers a publication a peer forwarded; never routes it again. On any thread. */
  void deliverForwarded(Publication publication, List<SharedFilter> groups) {
    RoutePlan plan = plans.of(publication.topic());
    note(publication, null);
    groups.forEach(group -> note(publication, group));
    ports.delivery().deliver(plan.local(), publication);
    if (!groups.isEmpty()) {
      for (SharedFilter missed : picker(publication).pickConnected(plan.groups(), groups)) {
        var unused = handOver.misdirected(publication, missed);
      }
    }
  }

  /** Delivers this node's own status messages to its clients, not to peers. */
  public void deliverHere(Publication publication) {
    deliverForwarded(
        publication,
        plans.of(publication.topic()).groups().stream().map(ShareGroup::filter).toList());
  }

  /** Appends to the inboxes at home here, for a peer. On any thread. */
  CompletableFuture<Void> appendForwarded(Publication publication, List<SharedFilter> groups) {
    RoutePlan plan = plans.of(publication.topic());
    groups.forEach(group -> note(publication, group));
    GroupPicker picked = picker(publication);
    CompletableFuture<Void> elsewhere = Routed.AT_ONCE;
    for (SharedFilter missed : picked.pickInboxes(plan.groups(), groups)) {
      elsewhere = both(elsewhere, handOver.misdirected(publication, missed));
    }
    List<InboxTarget> here = plan.inboxes(publication, picked.here());
    return here.isEmpty() ? elsewhere : both(inboxes.append(publication, here), elsewhere);
  }

  private void note(Publication publication, @Nullable SharedFilter group) {
    if (publication.qos() == Qos.EXACTLY_ONCE) {
      receipts.note(publication.id(), group);
    }
  }

  /** Forgets state of clients that left. Called periodically, from any thread. */
  public void forgetStale() {
    plans.forgetStale();
  }

  /**
   * Numbers a publication that cannot be routed at once: first something has to be written down.
   *
   * @return to be given to {@link #routed} once it has been routed, or never will be
   */
  public Numbered number() {
    UnderWay.Work work = underWay.begin();
    return new Numbered(ports.ids().next(), work);
  }

  /** A publication that was numbered before has been routed, or will not be. */
  public void routed(Numbered numbered) {
    numbered.work().end();
  }

  /** Draws lines through the stream of routed publications. */
  Settling settling() {
    return settling;
  }

  /** Hands undelivered messages of a share group's member to another one. */
  public HandOver handOver() {
    return handOver;
  }

  /** Brings retained publications into inboxes. */
  InboxReplays inboxReplays() {
    return inboxReplays;
  }

  private GroupPicker picker(Publication publication) {
    return new GroupPicker(publication, ports.delivery(), handOver);
  }

  /** A departed node has recovered: routes the publications that waited for it. */
  void recovered() {
    for (Lane lane : ports.lanes().all()) {
      lane.execute(durablePaths.get(lane.index())::flush);
    }
  }

  private CompletableFuture<Void> retain(Publication publication) {
    if (!publication.retain()) {
      return Routed.AT_ONCE;
    }
    UnderWay.Work work = underWay.begin();
    return ports
        .retained()
        .retain(publication)
        .whenComplete((nothing, failure) -> work.end())
        .toCompletableFuture();
  }

  private void forward(
      Publication publication, RoutePlan plan, Map<NodeId, List<SharedFilter>> groups) {
    PeerLink peers = ports.peers();
    Set<NodeId> plain =
        publication.qos().isAcknowledged() ? plan.livePeers() : plan.liveQos0Peers();
    for (NodeId peer : plain) {
      peers.deliver(peer, publication, groups.getOrDefault(peer, List.of()));
    }
    if (!groups.isEmpty()) {
      Map<NodeId, List<SharedFilter>> rest = new HashMap<>(groups);
      rest.keySet().removeAll(plain);
      rest.forEach((peer, of) -> peers.deliver(peer, publication, of));
    }
  }

  private static CompletableFuture<Void> both(
      CompletableFuture<Void> one, CompletableFuture<Void> other) {
    if (one == Routed.AT_ONCE) {
      return other;
    }
    return other == Routed.AT_ONCE ? one : CompletableFuture.allOf(one, other);
  }
}
