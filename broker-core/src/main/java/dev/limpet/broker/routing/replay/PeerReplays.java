package dev.limpet.broker.routing.replay;

import dev.limpet.broker.io.Lane;
import dev.limpet.broker.mqtt.NodeId;
import dev.limpet.broker.mqtt.Publication;
import dev.limpet.broker.routing.ports.Routed;
import dev.limpet.broker.routing.ports.RoutingPorts;
import dev.limpet.broker.spi.cluster.Membership;
import dev.limpet.broker.spi.cluster.NotHomeException;
import dev.limpet.broker.spi.cluster.ReplayStep;
import dev.limpet.broker.spi.cluster.ReplayStep.Begin;
import dev.limpet.broker.spi.cluster.ReplayStep.Draw;
import dev.limpet.broker.spi.cluster.ReplayStep.Page;
import dev.limpet.broker.spi.store.NodeFullException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Replays into inboxes at home here for clients connected to other nodes: holds back newer
 * publications until the host has sent its results.
 *
 * <p>Thread-safe. Bounded in the bytes hosts have sent; a host that falls silent or leaves stops
 * holding publications back.
 */
public final class PeerReplays {
  private static final Logger LOG = LoggerFactory.getLogger(PeerReplays.class);

  /** From the first step to the last page; publishers wait for as long. */
  private static final long HOLD_MILLIS_MAX = 10_000;

  private final RoutingPorts ports;
  private final Settling settling;
  private final InboxReplays inboxes;
  private final long bytesMax;

  /** Guarded by this. */
  private final Map<Key, Held> held = new HashMap<>();

  /** Of all of them, and of those that are being appended; guarded by this. */
  private long bytes;

  private record Key(NodeId host, long number) {}

  /**
   * One replay; guarded by the enclosing object, and once forgotten owned by the thread that forgot
   * it.
   */
  private static final class Held {
    private final InboxReplay replay;
    private final Lane lane;
    private final Lane.Timer timeout;
    private final List<Publication> found = new ArrayList<>();
    private Watermarks line = Watermarks.NONE;
    private long bytes;

    Held(InboxReplay replay, Lane lane, Lane.Timer timeout) {
      this.replay = replay;
      this.lane = lane;
      this.timeout = timeout;
    }
  }

  public PeerReplays(RoutingPorts ports, InboxReplays inboxes, Settling settling) {
    this(ports, inboxes, settling, Runtime.getRuntime().maxMemory() / 16);
  }

  /**
   * @param bytesMax of publications in unfinished replays
   */
  public PeerReplays(RoutingPorts ports, InboxReplays inboxes, Settling settling, long bytesMax) {
    this.ports = ports;
    this.settling = settling;
    this.inboxes = inboxes;
    this.bytesMax = bytesMax;
    ports
        .metrics()
        .gauge(
            "limpet.retained.replays.bytes",
            "Bytes of unfinished replays of retained messages from peers to inboxes here",
            this::bytes);
  }

  /** A host's next step. The steps of one host come one after another. */
  public CompletableFuture<Void> step(NodeId host, ReplayStep step) {
    Key key = new Key(host, step.number());
    if (step instanceof Begin begin) {
      return begin(key, begin);
    }
    if (step instanceof Draw) {
      return draw(key);
    }
    if (step instanceof Page page) {
      return take(key, page);
    }
    end(key);
    return Routed.AT_ONCE;
  }

  /** A host is gone: it finishes nothing. */
  public void left(NodeId host) {
    keys().stream().filter(key -> key.host().equals(host)).forEach(this::end);
  }

  private synchronized List<Key> keys() {
    return List.copyOf(held.keySet());
  }

  private synchronized long bytes() {
    return bytes;
  }

  private CompletableFuture<Void> begin(Key key, Begin begin) {
    Membership membership = ports.membership();
    if (!membership.homeOf(begin.clientId()).equals(membership.self())) {
      return CompletableFuture.failedFuture(new NotHomeException(begin.clientId()));
    }
    List<Lane> lanes = ports.lanes().all();
    Lane lane = lanes.get(Math.floorMod(begin.clientId().hashCode(), lanes.size()));
    InboxReplay replay = inboxes.begin(begin.clientId(), begin.subscription());
    Lane.Timer timeout = lane.schedule(() -> expire(key), HOLD_MILLIS_MAX);
    synchronized (this) {
      held.put(key, new Held(replay, lane, timeout));
    }
    return Routed.AT_ONCE;
  }

  private void expire(Key key) {
    if (end(key)) {
      LOG.debug("{} has not sent the results of its replay {}", key.host(), key.number());
    }
  }

  private CompletableFuture<Void> draw(Key key) {
    return settling.everywhere().thenAccept(line -> drawn(key, line));
  }

  private synchronized void drawn(Key key, Watermarks line) {
    open(key).line = line;
  }

  private CompletableFuture<Void> take(Key key, Page page) {
    if (!add(key, page)) {
      end(key);
      return CompletableFuture.failedFuture(new NodeFullException("no room for replays of peers"));
    }
    Held replay = page.last() ? forget(key) : null;
    if (replay != null) {
      fill(replay);
    }
    return Routed.AT_ONCE;
  }

  /** False when there is no room. */
  private synchronized boolean add(Key key, Page page) {
    Held replay = open(key);
    replay.found.addAll(page.retained());
    long size = page.retained().stream().mapToLong(Publication::bytes).sum();
    replay.bytes += size;
    bytes += size;
    return bytes <= bytesMax;
  }

  private Held open(Key key) {
    Held replay = held.get(key);
    if (replay == null) {
      throw new IllegalStateException("replay " + key.number() + " has ended");
    }
    return replay;
  }

  private void fill(Held replay) {
    var unused =
        inboxes
            .fill(replay.replay, replay.found, replay.line, replay.lane)
            .whenComplete(
                (nothing, failure) -> {
                  release(replay);
                  if (failure != null) {
                    LOG.warn(
                        "Not all retained messages for {}: {}",
                        replay.replay.clientId(),
                        failure.toString(),
                        failure);
                  }
                });
  }

  /** The caller must end the replay it forgets. */
  private synchronized @Nullable Held forget(Key key) {
    Held replay = held.remove(key);
    if (replay != null) {
      replay.timeout.cancel();
    }
    return replay;
  }

  private boolean end(Key key) {
    Held replay = forget(key);
    if (replay == null) {
      return false;
    }
    release(replay);
    inboxes.abandon(replay.replay);
    return true;
  }

  private synchronized void release(Held replay) {
    bytes -= replay.bytes;
  }
}
