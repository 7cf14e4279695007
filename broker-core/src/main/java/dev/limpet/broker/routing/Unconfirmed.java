package dev.limpet.broker.routing;

import dev.limpet.broker.io.Lane;
import dev.limpet.broker.mqtt.Publication;
import dev.limpet.broker.routing.ports.Routed;
import dev.limpet.broker.spi.ClusterUnavailableException;
import dev.limpet.broker.spi.Stages;
import dev.limpet.broker.spi.cluster.Membership;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Holds back the publications of one lane that would be acknowledged, and their answers, while no
 * majority of the cluster has confirmed this node: its routes may be those of a time before it was
 * frozen or cut off. They are routed, in their order, once it is confirmed, and fail when it is cut
 * off or not confirmed for a minute.
 *
 * <p>Confined to its lane. Bounded by the publishers' unacknowledged messages.
 */
final class Unconfirmed {
  private static final long LOOK_MILLIS = 100;

  /** As for publications that wait for a home. */
  private static final long LOOKS_MAX = Parking.WAIT_MILLIS_MAX / LOOK_MILLIS;

  private final Lane lane;
  private final Membership membership;
  private final Function<Publication, CompletableFuture<Void>> route;
  private List<Held> held = new ArrayList<>();
  private int looks;

  /** What to do once the node is confirmed, and what is done when that is. Immutable. */
  private record Held(Supplier<CompletableFuture<Void>> task, CompletableFuture<Void> done) {}

  /**
   * @param route routes a publication, on the lane; done when it is safe
   */
  Unconfirmed(
      Lane lane, Membership membership, Function<Publication, CompletableFuture<Void>> route) {
    this.lane = lane;
    this.membership = membership;
    this.route = route;
  }

  /** Whether a publication has to be held back now. */
  boolean mustHold() {
    return !held.isEmpty() || !membership.isConfirmed();
  }

  /** Holds one back; done when it is safe, and failed at once when the node is cut off. */
  CompletableFuture<Void> hold(Publication publication) {
    return hold(() -> route.apply(publication));
  }

  /** Done when that is safe and this node is confirmed: its own word is not enough. */
  CompletableFuture<Void> confirm(CompletableFuture<Void> safe) {
    return safe.isDone()
        ? safe
        : safe.thenCompose(
            nothing -> membership.isConfirmed() ? Routed.AT_ONCE : holdFromAnywhere());
  }

  private CompletableFuture<Void> holdFromAnywhere() {
    CompletableFuture<Void> confirmed = new CompletableFuture<>();
    lane.run(() -> Stages.forward(hold(() -> Routed.AT_ONCE), confirmed));
    return confirmed;
  }

  private CompletableFuture<Void> hold(Supplier<CompletableFuture<Void>> task) {
    if (!membership.isServing()) {
      return CompletableFuture.failedFuture(noMajority());
    }
    if (held.isEmpty()) {
      looks = 0;
      lane.schedule(this::look, LOOK_MILLIS);
    }
    CompletableFuture<Void> done = new CompletableFuture<>();
    held.add(new Held(task, done));
    return done;
  }

  private void look() {
    boolean serving = membership.isServing() && ++looks < LOOKS_MAX;
    if (serving && !membership.isConfirmed()) {
      lane.schedule(this::look, LOOK_MILLIS);
      return;
    }
    List<Held> all = held;
    held = new ArrayList<>();
    for (Held each : all) {
      if (serving) {
        Stages.forward(each.task().get(), each.done());
      } else {
        each.done().completeExceptionally(noMajority());
      }
    }
  }

  private static ClusterUnavailableException noMajority() {
    return new ClusterUnavailableException("no majority of the cluster confirms this node", null);
  }
}
