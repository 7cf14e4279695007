package dev.limpet.broker.connection;

import dev.limpet.broker.delivery.Lane;
import org.jspecify.annotations.Nullable;

/**
 * The time a socket has for its CONNECT: one timer, which most sockets cancel by closing. Confined
 * to its lane.
 */
final class ConnectDeadline {
  private Lane.@Nullable Timer timer;
  private @Nullable Runnable whenSlow;

  /**
   * Starts.
   *
   * @param over what is done when the time is over
   */
  void start(Lane lane, int millis, Runnable over) {
    timer =
        lane.schedule(
            () -> {
              timer = null;
              over.run();
            },
            millis);
  }

  /**
   * CONNECT came, and the client is not connected yet.
   *
   * @param slow what is done when the time is over; null once the client is connected
   */
  void whenSlow(@Nullable Runnable slow) {
    whenSlow = slow;
  }

  /** What was told last. */
  @Nullable Runnable slow() {
    return whenSlow;
  }

  /** Whether the time is over. */
  boolean isOver() {
    return timer == null;
  }

  void cancel() {
    if (timer != null) {
      timer.cancel();
    }
  }
}
