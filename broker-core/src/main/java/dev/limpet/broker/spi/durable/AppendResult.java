package dev.limpet.broker.spi.durable;

/**
 * Encodes the result of one append in one number that is cheap to send: a positive one is the new
 * sequence, a negative one the (negated) sequence under which the inbox already holds the
 * publication.
 */
public final class AppendResult {
  /** The session is gone, or its client has acknowledged the publication lately. */
  public static final long SKIPPED = 0;

  /** The inbox is full; the delivery was dropped. */
  public static final long OVERFLOW = Long.MIN_VALUE;

  private AppendResult() {}

  /** Whether the inbox holds the publication, from now on or from before. */
  public static boolean isHeld(long result) {
    return result != SKIPPED && result != OVERFLOW;
  }

  /** The sequence of a publication that is held. */
  public static long sequence(long result) {
    return Math.abs(result);
  }
}
