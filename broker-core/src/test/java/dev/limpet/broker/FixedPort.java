package dev.limpet.broker;

import java.util.concurrent.ThreadLocalRandom;
import java.util.function.IntFunction;

/**
 * Starts what needs ports known beforehand: below those of outgoing connections, and other ones
 * when somebody else has them. Stateless.
 */
public final class FixedPort {

  private static final int FIRST = 10_000;
  private static final int LAST = 30_000;
  private static final int ATTEMPTS_MAX = 20;

  private FixedPort() {}

  /**
   * @param start gets a port, and may use the few after it; throws {@link IllegalStateException}
   *     when one is taken
   */
  public static <T> T start(IntFunction<T> start) {
    IllegalStateException taken = new IllegalStateException("never tried");
    for (int i = 0; i < ATTEMPTS_MAX; i++) {
      try {
        return start.apply(ThreadLocalRandom.current().nextInt(FIRST, LAST));
      } catch (IllegalStateException e) {
        taken = e;
      }
    }
    throw taken;
  }
}
