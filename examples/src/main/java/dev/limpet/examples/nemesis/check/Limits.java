package dev.limpet.examples.nemesis.check;

/**
 * How long things may take, in milliseconds.
 *
 * @param agreeMillis until all nodes are one ready cluster after the last fault
 * @param probeMillis until a probe has reached its client
 * @param waitMillis until PUBACK or PUBCOMP comes at a node that no fault touches
 * @param cutWaitMillis the same while others are cut off
 * @param overlapMillis for which an older connection may answer after a newer one was accepted
 */
public record Limits(
    long agreeMillis, long probeMillis, long waitMillis, long cutWaitMillis, long overlapMillis) {

  /** What Limpet promises with a detection time of five seconds. */
  public static final Limits PROMISED = new Limits(30_000, 10_000, 6_000, 8_000, 6_000);
}
