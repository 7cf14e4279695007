package dev.limpet.broker.routing.replay;

import dev.limpet.broker.io.Lane;
import dev.limpet.broker.mqtt.NodeId;
import dev.limpet.broker.routing.ports.RoutingPorts;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Draws a line through the stream of publications: those numbered before it, on any node, have been
 * routed, stored if retained, and handed to the sessions of this node; {@link Watermarks} tell
 * later ones apart. This joins a snapshot (retained publications) and the live stream in order and
 * without a gap.
 *
 * <p>Each lane runs a task after its current routing; a peer does the same and answers on its link,
 * after the publications it has forwarded.
 *
 * <p>Thread-safe. One line is drawn at a time, and one more waits for all who ask meanwhile.
 */
public final class Settling {
  private static final Logger LOG = LoggerFactory.getLogger(Settling.class);

  /** A peer that does not answer in this time is passed over: it is silent, and may be dead. */
  private static final int PEER_MILLIS_MAX = 2_000;

  private final RoutingPorts ports;
  private final UnderWay underWay;

  /** Guarded by this. */
  private boolean drawing;

  /** For those who came while one was drawn; guarded by this. */
  private @Nullable CompletableFuture<Watermarks> next;

  /**
   * @param underWay publications this node has numbered but not yet routed or retained
   */
  public Settling(RoutingPorts ports, UnderWay underWay) {
    this.ports = ports;
    this.underWay = underWay;
  }

  /** The part of this node, for a peer; answers the last number it had given. */
  public CompletableFuture<Long> here() {
    long last = ports.ids().last();
    return passed().thenApply(passed -> last);
  }

  /**
   * Done when publications in progress are routed, retained and handed to the lanes of their
   * sessions.
   */
  private CompletableFuture<Void> passed() {
    List<Lane> lanes = ports.lanes().all();
    return CompletableFuture.allOf(
            lanes.stream()
                .map(
                    lane ->
                        CompletableFuture.supplyAsync(() -> ports.delivery().handed(lanes), lane)
                            .thenCompose(handed -> handed))
                .toArray(CompletableFuture<?>[]::new))
        .thenCompose(routed -> underWay.settled());
  }

  /**
   * Draws a line that is later than this call.
   *
   * @return done, never exceptionally, on any thread; a task that is then given to a lane runs
   *     behind all deliveries to that lane from before the line
   */
  CompletableFuture<Watermarks> everywhere() {
    if (isAllHere()) {
      return CompletableFuture.completedFuture(
          new Watermarks(Map.of(self().incarnation(), ports.ids().last())));
    }
    CompletableFuture<Watermarks> line = new CompletableFuture<>();
    synchronized (this) {
      if (drawing) {
        next = next == null ? line : next;
        return next;
      }
      drawing = true;
    }
    draw(line);
    return line;
  }

  /** On the only lane of the only node nothing else is being routed. */
  private boolean isAllHere() {
    List<Lane> lanes = ports.lanes().all();
    return lanes.size() == 1
        && lanes.get(0).isCurrent()
        && underWay.isIdle()
        && ports.membership().nodes().size() == 1;
  }

  private NodeId self() {
    return ports.membership().self();
  }

  /** Peers first: publications they forwarded before they answer may still be between lanes. */
  private void draw(CompletableFuture<Watermarks> line) {
    Map<Long, Long> marks = new ConcurrentHashMap<>();
    NodeId self = self();
    marks.put(self.incarnation(), ports.ids().last());
    CompletableFuture<?>[] peers =
        ports.membership().nodes().stream()
            .filter(node -> !node.equals(self))
            .map(peer -> ask(peer, marks))
            .toArray(CompletableFuture<?>[]::new);
    var unused =
        CompletableFuture.allOf(peers)
            .thenCompose(answered -> passed())
            .whenComplete((passed, failure) -> drawn(line, new Watermarks(marks)));
  }

  private CompletableFuture<Void> ask(NodeId peer, Map<Long, Long> marks) {
    return ports
        .peers()
        .settle(peer)
        .toCompletableFuture()
        .copy()
        .orTimeout(PEER_MILLIS_MAX, TimeUnit.MILLISECONDS)
        .thenAccept(last -> marks.put(peer.incarnation(), last))
        .exceptionally(
            failure -> {
              LOG.debug("{} did not report what it has routed: {}", peer, failure.toString());
              return null;
            });
  }

  private void drawn(CompletableFuture<Watermarks> line, Watermarks marks) {
    CompletableFuture<Watermarks> waiting;
    synchronized (this) {
      waiting = next;
      next = null;
      drawing = waiting != null;
    }
    if (waiting != null) {
      draw(waiting);
    }
    line.complete(marks);
  }
}
