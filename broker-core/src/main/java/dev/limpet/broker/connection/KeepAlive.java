package dev.limpet.broker.connection;

import dev.limpet.broker.delivery.Lane;
import java.util.concurrent.TimeUnit;

/**
 * Closes a connection from which nothing came for one and a half times its keep alive
 * [MQTT-3.1.2-22]. One timer a connection, which moves itself on instead of being moved by each
 * packet.
 *
 * <p>Confined to its lane.
 */
final class KeepAlive {
  private final Lane lane;
  private final Runnable onSilence;
  private long limitMillis;
  private long lastHeardNanos = System.nanoTime();
  private boolean stopped;

  KeepAlive(Lane lane, Runnable onSilence) {
    this.lane = lane;
    this.onSilence = onSilence;
  }

  /**
   * @param keepAliveSeconds 1 to 65,535, or 0 for no limit
   */
  void start(int keepAliveSeconds) {
    if (keepAliveSeconds > 0) {
      limitMillis = keepAliveSeconds * 1_500L;
      heard();
      lane.schedule(this::check, limitMillis);
    }
  }

  /** Something came. */
  void heard() {
    lastHeardNanos = System.nanoTime();
  }

  void stop() {
    stopped = true;
  }

  private void check() {
    if (stopped) {
      return;
    }
    long silentMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - lastHeardNanos);
    if (silentMillis >= limitMillis) {
      onSilence.run();
    } else {
      lane.schedule(this::check, limitMillis - silentMillis);
    }
  }
}
