package dev.limpet.cluster.clock;

import dev.limpet.broker.mqtt.NodeId;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells operators how far the wall clocks of peers are from this node's: a gauge for each peer, and
 * a warning beyond {@value #APART_MILLIS_MAX} ms. Confined to the caller of {@link #look}, but for
 * {@link #sentences}, which is thread-safe.
 */
public final class ClockWatch {
  private static final Logger LOG = LoggerFactory.getLogger(ClockWatch.class);

  static final long APART_MILLIS_MAX = 2_000;
  static final String GAUGE = "limpet.peer.clock.offset.millis";

  /** A warning that stays true is repeated so often. */
  static final long REPEAT_NANOS = TimeUnit.MINUTES.toNanos(10);

  private final ClusterClock clock;
  private final Supplier<Set<NodeId>> nodes;
  private final MeterRegistry registry;
  private final LongSupplier nanos;
  private final Map<NodeId, Gauge> gauges = new HashMap<>();

  /** When a peer was last warned of. */
  private final Map<NodeId, Long> warnedNanos = new HashMap<>();

  private volatile List<String> sentences = List.of();

  /**
   * Watches once {@link #look} is called.
   *
   * @param nodes that live, this one may be among them
   */
  public ClockWatch(ClusterClock clock, Supplier<Set<NodeId>> nodes, MeterRegistry registry) {
    this.clock = clock;
    this.nodes = nodes;
    this.registry = registry;
    this.nanos = clock::nanos;
  }

  /** What operators should know of clocks that are wrong, in the order of the peers' names. */
  public List<String> sentences() {
    return sentences;
  }

  /** Looks at what has been measured; each second. */
  public void look() {
    Set<NodeId> live = nodes.get();
    clock.keepOnly(live);
    clock.review();
    Set<NodeId> gone = new HashSet<>(gauges.keySet());
    gone.removeAll(live);
    gone.forEach(this::forget);
    sentences = live.stream().sorted().flatMap(peer -> look(peer).stream()).toList();
  }

  /** Returns one sentence, or none. */
  private List<String> look(NodeId peer) {
    if (clock.wallAheadMillis(peer).isEmpty()) {
      return List.of();
    }
    long aheadMillis = clock.wallAheadMillis(peer).getAsLong();
    gauges.computeIfAbsent(peer, this::gauge);
    if (Math.abs(aheadMillis) <= APART_MILLIS_MAX) {
      if (warnedNanos.remove(peer) != null) {
        LOG.info("The clock of node {} is right again, as seen by this node's", peer.name());
      }
      return List.of();
    }
    String sentence = sentence(peer, aheadMillis);
    warn(peer, sentence);
    return List.of(sentence);
  }

  private Gauge gauge(NodeId peer) {
    return Gauge.builder(GAUGE, () -> clock.wallAheadMillis(peer).orElse(0))
        .description("How far the peer's wall clock is ahead of this node's")
        .tag("peer", peer.name())
        .register(registry);
  }

  private void forget(NodeId peer) {
    Gauge gauge = gauges.remove(peer);
    if (gauge != null) {
      registry.remove(gauge);
    }
    warnedNanos.remove(peer);
  }

  private static String sentence(NodeId peer, long aheadMillis) {
    return String.format(
        Locale.ROOT,
        "The clock of node %s is %.1f s %s this node's.",
        peer.name(),
        Math.abs(aheadMillis) / 1000.0,
        aheadMillis > 0 ? "ahead of" : "behind");
  }

  private void warn(NodeId peer, String sentence) {
    long now = nanos.getAsLong();
    Long before = warnedNanos.get(peer);
    if (before == null || now - before >= REPEAT_NANOS) {
      warnedNanos.put(peer, now);
      LOG.warn(
          "{} Let NTP (chrony, systemd-timesyncd) set both. Expiry does not depend on it; times in"
              + " logs, certificates and the choice of retained messages after a split do",
          sentence);
    }
  }
}
