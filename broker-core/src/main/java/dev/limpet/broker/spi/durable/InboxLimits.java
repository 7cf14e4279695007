package dev.limpet.broker.spi.durable;

/**
 * How much one inbox may hold. A delivery that does not fit, also when those that expired unsent
 * are out, is dropped and counted. What subscriptions bring of retained publications comes all at
 * once, however fast the client reads: it has a bound of its own ({@link #REPLAYED_MAX}) and takes
 * no room from the others. Immutable.
 *
 * @param inboxMessagesMax unacknowledged deliveries; default 10,000: hours of offline telemetry,
 *     and well below 65,535, the packet ids there are
 * @param inboxBytesMax their sizes ({@code Publication.bytes()}); default 16 MiB, so that a flood
 *     of large payloads to a client that is away ends before it hurts the node
 */
public record InboxLimits(int inboxMessagesMax, long inboxBytesMax) {

  /** Most retained publications that one client's subscriptions may have waiting. */
  public static final int REPLAYED_MAX = 100_000;

  /** 10,000 deliveries, 16 MiB. */
  public static final InboxLimits DEFAULT = new InboxLimits(10_000, 16L << 20);

  public InboxLimits {
    if (inboxMessagesMax < 1 || inboxBytesMax < 1) {
      throw new IllegalArgumentException("an inbox holds at least one message and one byte");
    }
  }
}
