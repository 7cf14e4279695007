package dev.limpet.broker.routing;

import dev.limpet.broker.io.Lane;
import dev.limpet.broker.metrics.BrokerMetrics;
import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.mqtt.NodeId;
import dev.limpet.broker.mqtt.Publication;
import dev.limpet.broker.routing.Parking.Parked;
import dev.limpet.broker.routing.Parking.Turn;
import dev.limpet.broker.routing.plan.RoutePlan;
import dev.limpet.broker.routing.plan.RoutePlans;
import dev.limpet.broker.routing.ports.Routed;
import dev.limpet.broker.routing.ports.RoutingPorts;
import dev.limpet.broker.routing.replay.Inboxes;
import dev.limpet.broker.spi.ClusterUnavailableException;
import dev.limpet.broker.spi.Stages;
import dev.limpet.broker.spi.cluster.PeerGoneException;
import dev.limpet.broker.spi.store.InboxTarget;
import dev.limpet.broker.topic.SharedFilter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Brings the publications of one lane's publishers into the inboxes, here and at other homes, and
 * parks those whose home died until they can be routed again.
 *
 * <p>Confined to its lane.
 */
final class DurablePath {
  /** Parked publications are tried again this often besides when a node has recovered. */
  private static final long RETRY_MILLIS = 500;

  private final Lane lane;
  private final RoutingPorts ports;
  private final RoutePlans plans;
  private final HandOver handOver;
  private final Inboxes inboxes;
  private final BrokerMetrics metrics;
  private final Parking parking = new Parking();
  private final Unanswered unanswered = new Unanswered();

  /** By publisher, the earliest first: they wait only until earlier ones are answered. */
  private final Map<ClientId, Queue<Parked>> ordered = new HashMap<>();

  /** Whether answers may have something to set free. Any thread may read it. */
  private volatile boolean ordering;

  private boolean retrying;
  private long turns;

  DurablePath(Lane lane, RoutingPorts ports, RoutePlans plans, HandOver handOver, Inboxes inboxes) {
    this.lane = lane;
    this.ports = ports;
    this.plans = plans;
    this.handOver = handOver;
    this.inboxes = inboxes;
    this.metrics = ports.metrics();
  }

  /** Whether a plan made now would have to wait. */
  boolean mustWait(Publication publication, RoutePlan plan) {
    ClientId publisher = publication.publisher();
    return parking.holds(publisher)
        || ordered.containsKey(publisher)
        || mayOvertake(publisher)
        || !isReachable(plan);
  }

  private boolean isReachable(RoutePlan plan) {
    if (!ports.membership().isConfirmed()) {
      return false;
    }
    for (NodeId home : plan.homes()) {
      if (!ports.membership().isLive(home)) {
        return false;
      }
    }
    return true;
  }

  /** An old and a new home of a session may both append to its inbox for a while. */
  private boolean mayOvertake(ClientId publisher) {
    if (!ports.membership().areHomesMoving()) {
      if (ordered.isEmpty()) {
        ordering = false;
      }
      return false;
    }
    ordering = true; // before the look, so that no answer is missed
    return unanswered.hasAny(publisher);
  }

  /** Appends to all inboxes of the plan, the picked members of share groups among them. */
  CompletableFuture<Void> append(Publication publication, RoutePlan plan, GroupPicker picked) {
    return append(publication, plan, picked, nextTurn());
  }

  private CompletableFuture<Void> append(
      Publication publication, RoutePlan plan, GroupPicker picked, Turn turn) {
    List<CompletableFuture<Void>> parts = new ArrayList<>();
    List<InboxTarget> here = plan.inboxes(publication, picked.here());
    if (!here.isEmpty()) {
      parts.add(appendHere(publication, here));
    }
    Map<NodeId, List<SharedFilter>> homes = new HashMap<>(picked.homes());
    plan.homes().forEach(home -> homes.putIfAbsent(home, List.of()));
    homes.forEach((home, groups) -> parts.add(appendAt(home, publication, groups, turn)));
    return parts.isEmpty() ? Routed.AT_ONCE : Stages.all(parts);
  }

  private CompletableFuture<Void> appendHere(Publication publication, List<InboxTarget> here) {
    CompletableFuture<Void> safe = inboxes.append(publication, here);
    if (safe.isDone()) {
      return safe;
    }
    ClientId publisher = publication.publisher();
    unanswered.sent(publisher);
    return safe.whenComplete((nothing, failure) -> answered(publisher));
  }

  private void answered(ClientId publisher) {
    if (unanswered.answered(publisher) && ordering) {
      lane.execute(() -> sendOrdered(publisher));
    }
  }

  private void sendOrdered(ClientId publisher) {
    Queue<Parked> waiting = ordered.getOrDefault(publisher, new ArrayDeque<>(0));
    while (!waiting.isEmpty() && !mayOvertake(publisher)) {
      Publication next = waiting.element().publication();
      RoutePlan plan = plans.of(next.topic());
      if (parking.holds(publisher) || !isReachable(plan)) {
        waiting.forEach(this::parkUntilRetried);
        waiting.clear();
      } else {
        send(waiting.remove(), plan);
      }
    }
    if (waiting.isEmpty()) {
      ordered.remove(publisher);
    }
  }

  /**
   * Holds a publication back.
   *
   * @param groups share groups still to serve; null for all that match
   */
  CompletableFuture<Void> park(Publication publication, @Nullable Set<SharedFilter> groups) {
    metrics.publicationParked();
    CompletableFuture<Void> done = new CompletableFuture<>();
    hold(new Parked(publication, groups, done, nextTurn()));
    return done;
  }

  private CompletableFuture<Void> parkFailed(
      Publication publication, @Nullable Set<SharedFilter> groups, Turn turn) {
    metrics.publicationParked();
    CompletableFuture<Void> done = new CompletableFuture<>();
    parkUntilRetried(new Parked(publication, groups, done, turn));
    return done;
  }

  private void parkUntilRetried(Parked entry) {
    if (!retrying) {
      retrying = true;
      lane.schedule(this::retry, RETRY_MILLIS);
    }
    parking.add(entry);
  }

  /** Parks one that has not been sent: behind unanswered ones, or until its home is there. */
  private void hold(Parked entry) {
    ClientId publisher = entry.publication().publisher();
    if (ordered.containsKey(publisher) || (!parking.holds(publisher) && mayOvertake(publisher))) {
      ordered
          .computeIfAbsent(publisher, id -> new PriorityQueue<>(Parking.OLDEST_FIRST))
          .add(entry);
    } else {
      parkUntilRetried(entry);
    }
  }

  /** A node has recovered: routes parked publications again, in the old order. */
  void flush() {
    parking.flush(ports.wallMillis().getAsLong(), this::again);
  }

  private void retry() {
    flush();
    retrying = !parking.isEmpty();
    if (retrying) {
      lane.schedule(this::retry, RETRY_MILLIS);
    }
  }

  private void again(Parked entry) {
    Publication publication = entry.publication();
    RoutePlan plan = plans.of(publication.topic());
    if (mustWait(publication, plan)) {
      hold(entry);
    } else {
      send(entry, plan);
    }
  }

  private void send(Parked entry, RoutePlan plan) {
    Publication publication = entry.publication();
    append(publication, plan, pickAgain(publication, plan, entry.groups()), entry.turn())
        .whenComplete((nothing, failure) -> Stages.complete(entry.done(), null, failure));
  }

  /**
   * Appends to all inboxes of the plan, which drop duplicates, and serves share groups that got
   * nothing yet.
   */
  CompletableFuture<Void> appendAgain(
      Publication publication, RoutePlan plan, Set<SharedFilter> groups) {
    return mustWait(publication, plan)
        ? park(publication, groups)
        : append(publication, plan, pickAgain(publication, plan, groups));
  }

  /** Plain subscribers have had it already: a peer gives it to the group only. */
  private GroupPicker pickAgain(
      Publication publication, RoutePlan plan, @Nullable Set<SharedFilter> groups) {
    GroupPicker picked = new GroupPicker(publication, ports.delivery(), handOver);
    picked.pickAny(
        plan.groups().stream()
            .filter(group -> groups == null || groups.contains(group.filter()))
            .toList());
    picked
        .live()
        .forEach((peer, of) -> of.forEach(group -> handOver.give(peer, publication, group)));
    return picked;
  }

  private CompletableFuture<Void> appendAt(
      NodeId home, Publication publication, List<SharedFilter> groups, Turn turn) {
    CompletableFuture<Void> safe = new CompletableFuture<>();
    ClientId publisher = publication.publisher();
    unanswered.sent(publisher);
    var unused =
        ports
            .peers()
            .append(home, publication, groups)
            .whenComplete(
                (nothing, failure) -> {
                  if (failure != null && mayStillBecomeSafe(failure)) {
                    lane.run(
                        () -> {
                          parkAfter(publication, groups, safe, turn);
                          answered(publisher); // from here on the parking keeps the order
                        });
                  } else {
                    answered(publisher);
                    Stages.complete(safe, null, failure);
                  }
                });
    return safe;
  }

  /** The home could not answer: inboxes that hold the publication already will drop it. */
  private void parkAfter(
      Publication publication, List<SharedFilter> groups, CompletableFuture<Void> safe, Turn turn) {
    Stages.forward(parkFailed(publication, new HashSet<>(groups), turn), safe);
  }

  /** The home died, or is about to (it leaves, or its share of the cluster does not answer). */
  private static boolean mayStillBecomeSafe(Throwable failure) {
    Throwable cause = Stages.cause(failure);
    return cause instanceof PeerGoneException || cause instanceof ClusterUnavailableException;
  }

  private Turn nextTurn() {
    return new Turn(turns++, ports.wallMillis().getAsLong() + Parking.WAIT_MILLIS_MAX);
  }
}
