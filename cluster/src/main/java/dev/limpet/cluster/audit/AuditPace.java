package dev.limpet.cluster.audit;

/**
 * Sets how quickly the audit goes. Immutable.
 *
 * @param periodMillis in which it compares everything once
 * @param momentMillis between the two looks that a difference needs; both together stay below 10 s,
 *     so that nothing differs for longer
 */
public record AuditPace(int periodMillis, int momentMillis) {

  /** Everything in 6 s. */
  public static final AuditPace DEFAULT = new AuditPace(6_000, 1_500);

  private static final int TICKS_MAX = 20;
  private static final int TICK_MILLIS_MIN = 10;

  public AuditPace {
    if (periodMillis < TICK_MILLIS_MIN || momentMillis < 0) {
      throw new IllegalArgumentException("an audit takes at least 10 ms");
    }
  }

  /** A period is divided into ticks, so that there is no burst. */
  int tickMillis() {
    return Math.max(TICK_MILLIS_MIN, periodMillis / TICKS_MAX);
  }
}
