package dev.limpet.broker.connection;

import dev.limpet.broker.io.Lane;
import org.jspecify.annotations.Nullable;

/**
 * Limits the time a socket has for its CONNECT. Each connection has one such timer, which also
 * fires if CONNECT has arrived: it then starts later checks.
 *
 * <p>Confined to its lane.
 */
public final class ConnectDeadline {
  private final Runnable onTime;
  private Lane.@Nullable Timer timer;
  private @Nullable Runnable whenSlow;

  /**
   * @param onTime run on timeout if no CONNECT is in progress
   */
  ConnectDeadline(Runnable onTime) {
    this.onTime = onTime;
  }

  void start(Lane lane, int millis) {
    timer = lane.schedule(this::over, millis);
  }

  /** Whether time is not over. */
  boolean isSet() {
    return timer != null;
  }

  /**
   * Runs instead when the time is over and CONNECT came, but the client is not connected yet.
   *
   * @param slow null once it is
   */
  public void whenSlow(@Nullable Runnable slow) {
    whenSlow = slow;
  }

  void cancel() {
    if (timer != null) {
      timer.cancel();
    }
    whenSlow = null;
  }

  private void over() {
    timer = null;
    Runnable slow = whenSlow;
    (slow == null ? onTime : slow).run();
  }
}
