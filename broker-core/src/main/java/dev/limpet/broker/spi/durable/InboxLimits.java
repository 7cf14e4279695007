package dev.limpet.broker.spi.durable;

/**
 * Bounds one inbox. A delivery that does not fit, even after those that expired unsent are removed,
 * is dropped and counted. Retained publications of new subscriptions arrive all at once, however
 * fast the client reads: they have their own bound ({@link #REPLAYED_MAX}) and take no room from
 * other deliveries. Immutable.
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

  /** For what has a bound of its own. */
  static final InboxLimits NONE = new InboxLimits(Integer.MAX_VALUE, Long.MAX_VALUE);

  public InboxLimits {
    if (inboxMessagesMax < 1 || inboxBytesMax < 1) {
      throw new IllegalArgumentException("an inbox holds at least one message and one byte");
    }
  }
}
