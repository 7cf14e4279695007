package dev.limpet.broker.routing.replay;

import dev.limpet.broker.io.Lane;
import dev.limpet.broker.mqtt.NodeId;
import dev.limpet.broker.mqtt.Publication;
import dev.limpet.broker.routing.ports.Routed;
import dev.limpet.broker.spi.cluster.PeerLink;
import dev.limpet.broker.spi.cluster.ReplayStep;
import dev.limpet.broker.spi.cluster.ReplayStep.Begin;
import dev.limpet.broker.spi.cluster.ReplayStep.Draw;
import dev.limpet.broker.spi.cluster.ReplayStep.End;
import dev.limpet.broker.spi.cluster.ReplayStep.Page;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reserves a place in an inbox at another node, for a client connected away from its home. The home
 * holds back, draws its own line and appends ({@link PeerReplays}); this node searches, since it
 * knows what the client may read. When the home is lost, this node appends the results without it,
 * and messages published meanwhile may come first.
 */
final class PlaceAtHome implements InboxPlace {
  private static final Logger LOG = LoggerFactory.getLogger(PlaceAtHome.class);

  private final PeerLink peers;
  private final NodeId home;
  private final Begin begin;
  private final Lane lane;
  private final BiFunction<List<Publication>, Watermarks, CompletableFuture<Void>> otherwise;

  /** The home holds nothing for it, or no more; written on any thread. */
  private volatile boolean over;

  /**
   * @param begin the first step, with a number never used before
   * @param lane of the subscriber
   * @param otherwise appends the publications found without the home's help
   */
  PlaceAtHome(
      PeerLink peers,
      NodeId home,
      Begin begin,
      Lane lane,
      BiFunction<List<Publication>, Watermarks, CompletableFuture<Void>> otherwise) {
    this.peers = peers;
    this.home = home;
    this.begin = begin;
    this.lane = lane;
    this.otherwise = otherwise;
  }

  @Override
  public CompletableFuture<Void> held() {
    return tell(begin);
  }

  @Override
  public CompletableFuture<Void> drawn() {
    return over ? Routed.AT_ONCE : tell(new Draw(begin.number()));
  }

  private CompletableFuture<Void> tell(ReplayStep step) {
    return peers
        .replay(home, step)
        .toCompletableFuture()
        .exceptionally(
            failure -> {
              LOG.debug("Home {} of {}: {}", home, begin.clientId(), failure.toString());
              end();
              return null;
            });
  }

  @Override
  public CompletableFuture<Void> fill(List<Publication> found, Watermarks line) {
    return page(found, 0)
        .thenComposeAsync(
            nothing -> {
              boolean taken = !over;
              over = true; // the home continues by itself
              return taken ? Routed.AT_ONCE : otherwise.apply(found, line);
            },
            lane.soonest());
  }

  /** One after the other, so that the link is not full of them. */
  private CompletableFuture<Void> page(List<Publication> found, int from) {
    if (over) {
      return Routed.AT_ONCE;
    }
    int to = InboxReplay.endOfPage(found, from);
    boolean last = to == found.size();
    return tell(new Page(begin.number(), found.subList(from, to), last))
        .thenCompose(taken -> last ? Routed.AT_ONCE : page(found, to));
  }

  @Override
  public void abandon() {
    end();
  }

  private void end() {
    if (!over) {
      over = true;
      var unused = peers.replay(home, new End(begin.number()));
    }
  }
}
