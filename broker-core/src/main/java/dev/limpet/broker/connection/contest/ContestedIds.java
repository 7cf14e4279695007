package dev.limpet.broker.connection.contest;

import dev.limpet.broker.mqtt.ClientId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Remembers which client ids were taken from a connected client of this node, and how long the next
 * CONNECT with such an id waits. The first {@value #FREE} takeovers are free: a client that changes
 * networks makes a few. Each further one doubles the pause, from {@value #PAUSE_MILLIS_MIN} ms up
 * to the bound; every {@value #FORGIVE_SECONDS} seconds one takeover is forgiven. So two clients
 * with one id come to one takeover per bound or per {@value #FORGIVE_SECONDS} seconds.
 *
 * <p>Each node judges by the takeovers it has seen itself: clients that come by several nodes are
 * evicted from several nodes.
 *
 * <p>Bounded: at most {@value #IDS_MAX} ids, of which the one that was quiet for longest is
 * forgotten. Thread-safe: one lock, constant time.
 */
public final class ContestedIds {
  static final int FREE = 10;
  static final int PAUSE_MILLIS_MIN = 100;
  static final int FORGIVE_SECONDS = 10;
  static final int IDS_MAX = 10_000;

  /** Seconds between two lines about one id. */
  static final int TELL_SECONDS = 60;

  /** Above this the pause no longer grows under any bound: 100 ms doubled ten times. */
  private static final int SCORE_MAX = FREE + 11;

  private static final double FORGIVE_NANOS = TimeUnit.SECONDS.toNanos(FORGIVE_SECONDS);
  private static final long TELL_NANOS = TimeUnit.SECONDS.toNanos(TELL_SECONDS);

  private final long pauseMillisMax;
  private final LongSupplier nanos;

  /** The quietest first. */
  private final Map<ClientId, History> histories =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<ClientId, History> quietest) {
          return size() > IDS_MAX;
        }
      };

  /** The takeovers of one id. Guarded by the lock of the enclosing object. */
  private static final class History {
    private double score;
    private long atNanos;
    private boolean told;
    private long toldNanos;

    History(long nowNanos) {
      atNanos = nowNanos;
    }
  }

  /**
   * @param pauseMillisMax longest pause; 0 for none ever
   * @param nanos a clock that never goes back
   */
  public ContestedIds(long pauseMillisMax, LongSupplier nanos) {
    this.pauseMillisMax = pauseMillisMax;
    this.nanos = nanos;
  }

  /** A connected client lost its id to a newer connection. */
  public synchronized void takenOver(ClientId clientId) {
    long now = nanos.getAsLong();
    History history = histories.computeIfAbsent(clientId, id -> new History(now));
    history.score = Math.min(SCORE_MAX, scoreAt(history, now) + 1);
    history.atNanos = now;
  }

  /** How long a CONNECT with this id has to wait; 0 for nearly all. */
  public synchronized long pauseMillis(ClientId clientId) {
    History history = known(clientId);
    return history == null ? 0 : pauseMillis(history.score);
  }

  private long pauseMillis(double score) {
    int beyond = (int) Math.ceil(score) - FREE;
    return beyond <= 0 ? 0 : Math.min(pauseMillisMax, (long) PAUSE_MILLIS_MIN << (beyond - 1));
  }

  /** Whether an operator should hear of it now: at first, and once a minute while it continues. */
  public synchronized boolean isWorthTelling(ClientId clientId) {
    History history = known(clientId);
    long now = nanos.getAsLong();
    if (history == null || (history.told && now - history.toldNanos < TELL_NANOS)) {
      return false;
    }
    history.told = true;
    history.toldNanos = now;
    return true;
  }

  /** With its score of now; null, and forgotten, when all is forgiven. */
  private @Nullable History known(ClientId clientId) {
    History history = histories.get(clientId);
    if (history == null) {
      return null;
    }
    long now = nanos.getAsLong();
    history.score = scoreAt(history, now);
    history.atNanos = now;
    if (history.score == 0) {
      histories.remove(clientId);
      return null;
    }
    return history;
  }

  private static double scoreAt(History history, long now) {
    return Math.max(0, history.score - (now - history.atNanos) / FORGIVE_NANOS);
  }

  /** How many ids are remembered. */
  public synchronized int size() {
    return histories.size();
  }
}
