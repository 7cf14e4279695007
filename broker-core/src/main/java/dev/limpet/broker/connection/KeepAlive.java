package dev.limpet.broker.connection;

import dev.limpet.broker.delivery.Lane;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Closes a connection from which no packet came for one and a half times its keep alive
 * [MQTT-3.1.2-22]. One timer a connection, which moves itself on instead of being moved by each
 * packet, and is set only once another that the connection has anyway has rung.
 *
 * <p>Confined to its lane.
 */
final class KeepAlive {
  private final Lane lane;
  private final BooleanSupplier deaf;
  private final Runnable onSilence;
  private long limitMillis;
  private long lastHeardNanos = System.nanoTime();
  private Lane.@Nullable Timer timer;

  /**
   * @param deaf whether this node itself makes the client wait: then its silence proves nothing
   */
  KeepAlive(Lane lane, BooleanSupplier deaf, Runnable onSilence) {
    this.lane = lane;
    this.deaf = deaf;
    this.onSilence = onSilence;
  }

  /**
   * Counts silence from now on.
   *
   * @param keepAliveSeconds 1 to 65,535, or 0 for no limit
   * @param otherMillis when {@link #look} is called for the first time at the latest, from now on
   */
  void start(int keepAliveSeconds, long otherMillis) {
    limitMillis = keepAliveSeconds * 1_500L;
    heard();
    if (limitMillis < otherMillis) {
      look();
    }
  }

  /** Looks now, and from now on by itself whenever the client may have been silent too long. */
  void look() {
    if (limitMillis > 0 && timer == null) {
      check();
    }
  }

  /** A whole packet came. */
  void heard() {
    lastHeardNanos = System.nanoTime();
  }

  /** The timer must not hold what belongs to a connection that is gone. */
  void stop() {
    if (timer != null) {
      timer.cancel();
    }
  }

  private void check() {
    if (deaf.getAsBoolean()) {
      heard();
    }
    long silentMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - lastHeardNanos);
    if (silentMillis >= limitMillis) {
      onSilence.run();
    } else {
      timer = lane.schedule(this::check, limitMillis - silentMillis);
    }
  }
}
