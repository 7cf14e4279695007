package dev.limpet.cluster.audit;

import dev.limpet.broker.spi.cluster.ClusterListener;
import dev.limpet.cluster.recovery.Housekeeper;
import dev.limpet.cluster.routes.HazelcastRouteTable;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Goes through everything this node is responsible for once in each period, a few partitions at a
 * time; after a network split or a freeze it begins anew at once and hurries.
 *
 * <p>Confined to the housekeeper, but for {@link #hurry}, which is thread-safe.
 */
public final class Audit {
  private static final Logger LOG = LoggerFactory.getLogger(Audit.class);

  /** A node that did nothing for so long was frozen, and may be taken for dead. */
  private static final long FROZEN_NANOS = TimeUnit.SECONDS.toNanos(3);

  /** How long a round takes that hurries. */
  private static final int HURRY_MILLIS_MAX = 1_000;

  /** Partitions looked at in one tick: with more, a late tick would become a burst. */
  private static final int PARTITIONS_MAX = 64;

  private final AuditParts parts;
  private final AuditPace pace;
  private final Repairs repairs;
  private final BooleanSupplier indexing;
  private @Nullable ClusterListener listener;
  private @Nullable SessionCheck sessions;
  private @Nullable Looks looks;
  private @Nullable Round round;
  private long lastTickNanos;

  /**
   * @param indexing whether sessions at home are being indexed anyway
   */
  public Audit(AuditParts parts, AuditPace pace, MeterRegistry registry, BooleanSupplier indexing) {
    this.parts = parts;
    this.pace = pace;
    this.repairs = new Repairs(registry);
    this.indexing = indexing;
  }

  /** Begins. */
  public void start(ClusterListener broker) {
    Housekeeper housekeeper = parts.housekeeper();
    housekeeper.execute(() -> prepare(broker));
    housekeeper.every(pace.tickMillis(), this::tick);
  }

  private void prepare(ClusterListener broker) {
    Hosts hosts = new Hosts(parts.membership(), parts.peers(), broker.audited());
    SessionCheck ofSessions =
        new SessionCheck(broker.audited(), claim -> broker.onWake(claim, Long.MAX_VALUE));
    sessions = ofSessions;
    looks =
        new Looks(
            new ConnectionCheck(parts.directory(), broker.audited(), hosts, ofSessions),
            new HomeCheck(parts, broker, hosts, indexing),
            new Looks.Setting(parts.housekeeper(), repairs, pace.momentMillis()));
    listener = broker;
    lastTickNanos = System.nanoTime();
  }

  /** Many things may differ now: begins anew at once. */
  public void hurry() {
    parts.housekeeper().execute(() -> begin(Math.min(HURRY_MILLIS_MAX, pace.periodMillis())));
  }

  private void tick() {
    long now = System.nanoTime();
    boolean frozen = now - lastTickNanos > FROZEN_NANOS;
    lastTickNanos = now;
    if (listener == null || looks == null || !parts.membership().isServing()) {
      return; // cut off, this node cannot tell what is true
    }
    if (frozen) {
      LOG.info("This node did nothing for a while; it compares what it knows with the others");
      begin(Math.min(HURRY_MILLIS_MAX, pace.periodMillis()));
    } else if (round == null || round.isOver(now)) {
      begin(pace.periodMillis());
    }
    for (int i = 0; i < PARTITIONS_MAX && !looks.isBusy(); i++) {
      int partition = round.take(now);
      if (partition < 0) {
        return;
      }
      looks.look(partition, round.connectedIn(partition), round.indexedIn(partition));
    }
  }

  private void begin(int millisMax) {
    if (listener == null || sessions == null) {
      return;
    }
    repairs.roundBegins();
    round =
        new Round(
            parts.membership().partitions(),
            listener.audited(),
            System.nanoTime(),
            TimeUnit.MILLISECONDS.toNanos(millisMax));
    sessions.retain(round.claims());
    checkRoutes(listener);
  }

  /** Exact at the first look: routes change under the locks that these comparisons take. */
  private void checkRoutes(ClusterListener broker) {
    HazelcastRouteTable routes = parts.routes();
    repairs.add(Repair.ROUTE_WRONG, broker.audited().alignRoutes(), null);
    var unused =
        routes
            .checkTruth()
            .whenComplete(
                (rewritten, failure) -> {
                  if (failure != null) {
                    LOG.debug("The routes of this node were not compared", failure);
                  } else if (rewritten) {
                    repairs.add(Repair.ROUTES_LOST, 1, null);
                  }
                });
  }
}
