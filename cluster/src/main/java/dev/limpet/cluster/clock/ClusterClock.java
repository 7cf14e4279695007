package dev.limpet.cluster.clock;

import dev.limpet.broker.SteadyClock;
import dev.limpet.broker.mqtt.BinaryReader;
import dev.limpet.broker.mqtt.BinaryWriter;
import dev.limpet.broker.mqtt.NodeId;
import dev.limpet.cluster.peer.LinkClock;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the time that all nodes of a cluster agree on, in epoch milliseconds: the steady clock of
 * the node that has been a member longest. Each other node measures over its links how far its own
 * steady clock is from that and corrects its time; it is off by half a round trip at most. The next
 * node goes on with the same time when the first one leaves.
 *
 * <p>A wall clock counts only at the start of a cluster's first node: setting one later changes
 * nothing. Before {@link #whenSet} nothing may be judged or written by this clock.
 *
 * <p>Thread-safe. The correction is written under this object's lock.
 */
public final class ClusterClock implements LongSupplier, LinkClock {
  private static final Logger LOG = LoggerFactory.getLogger(ClusterClock.class);

  /** An elder that has not answered for so long is passed over. */
  static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(10);

  /** A correction that is more than drift and round trips. */
  private static final long WORTH_A_LINE_MILLIS = 1_000;

  private final LongSupplier wallMillis;
  private final LongSupplier nanos;
  private final SteadyClock steady;
  private final Map<NodeId, PeerSamples> peers = new ConcurrentHashMap<>();
  private final CompletableFuture<Void> whenSet = new CompletableFuture<>();
  private volatile long correctionMillis;
  private volatile boolean set;
  private Supplier<List<NodeId>> elders = List::of;
  private boolean following;

  /**
   * A clock that is not set yet.
   *
   * @param wallMillis the clock of this machine, in epoch milliseconds
   * @param nanos a clock that only goes forward
   */
  public ClusterClock(LongSupplier wallMillis, LongSupplier nanos) {
    this.wallMillis = wallMillis;
    this.nanos = nanos;
    this.steady = new SteadyClock(wallMillis, nanos);
  }

  @Override
  public long getAsLong() {
    return steady.getAsLong() + correctionMillis;
  }

  /**
   * Begins to follow.
   *
   * @param joinedBefore the nodes that joined before this one and live, the first first; does not
   *     block
   * @return done when this node knows the cluster's time; at once if it is the first
   */
  public CompletionStage<Void> follow(Supplier<List<NodeId>> joinedBefore) {
    synchronized (this) {
      elders = joinedBefore;
      following = true;
    }
    review();
    return whenSet;
  }

  /** Looks whom to follow: the members may have changed. */
  public void review() {
    if (corrected()) {
      whenSet.complete(null); // outside the lock: others' code runs
    }
  }

  /** Returns whether it is set. */
  private synchronized boolean corrected() {
    if (following) {
      List<NodeId> before = elders.get();
      set |= before.isEmpty();
      for (NodeId elder : before) {
        Optional<ClockSample> sample = usable(elder);
        if (sample.isPresent()) {
          take(elder, sample.get());
          break;
        }
      }
    }
    return set;
  }

  private Optional<ClockSample> usable(NodeId elder) {
    PeerSamples samples = peers.get(elder);
    return samples == null
        ? Optional.empty()
        : samples
            .best()
            .filter(ClockSample::peerIsSet)
            .filter(sample -> nanos.getAsLong() - sample.heardNanos() < FRESH_NANOS);
  }

  private void take(NodeId elder, ClockSample sample) {
    long byMillis = sample.clusterAheadMillis() - correctionMillis;
    if (set && Math.abs(byMillis) <= sample.errorMillis()) {
      return; // as good as it was
    }
    if (set && Math.abs(byMillis) > WORTH_A_LINE_MILLIS) {
      LOG.warn("The time of this node was {} ms off; it follows node {}", -byMillis, elder);
    }
    correctionMillis = sample.clusterAheadMillis();
    set = true;
  }

  /** Forgets the peers that are not among these nodes. */
  void keepOnly(Set<NodeId> nodes) {
    peers.keySet().retainAll(nodes);
  }

  /**
   * How far a peer's wall clock is ahead of this node's, as measured last, in milliseconds; nearer
   * to 0 by what a slow answer may have added. Empty before the first measurement.
   */
  OptionalLong wallAheadMillis(NodeId peer) {
    Optional<ClockSample> last = Optional.ofNullable(peers.get(peer)).flatMap(PeerSamples::last);
    return last.isEmpty() ? OptionalLong.empty() : OptionalLong.of(atLeast(last.get()));
  }

  private static long atLeast(ClockSample sample) {
    long ahead = sample.wallAheadMillis();
    long certain = Math.max(0, Math.abs(ahead) - sample.errorMillis());
    return ahead < 0 ? -certain : certain;
  }

  @Override
  public boolean isSet() {
    return set;
  }

  @Override
  public long nanos() {
    return nanos.getAsLong();
  }

  @Override
  public Buffer reading() {
    return new BinaryWriter(Buffer.buffer())
        .flag(set)
        .int64(getAsLong())
        .int64(wallMillis.getAsLong())
        .buffer();
  }

  @Override
  public void heard(NodeId peer, long askedNanos, BinaryReader reading) {
    long wallNow = wallMillis.getAsLong();
    long heardNanos = nanos.getAsLong();
    long roundTripNanos = heardNanos - askedNanos;
    boolean peerIsSet = reading.flag();
    long clusterThere = reading.int64();
    long wallThere = reading.int64();
    peers
        .computeIfAbsent(peer, ignored -> new PeerSamples())
        .add(
            new ClockSample(
                TimeUnit.NANOSECONDS.toMillis(roundTripNanos) + 1,
                clusterThere - steady.atNanos(askedNanos + roundTripNanos / 2),
                wallThere - (wallNow - TimeUnit.NANOSECONDS.toMillis(roundTripNanos / 2)),
                peerIsSet,
                heardNanos));
    review();
  }
}
