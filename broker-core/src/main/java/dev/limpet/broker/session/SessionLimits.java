package dev.limpet.broker.session;

/**
 * Holds the bounds of one session. Immutable.
 *
 * @param sendQueueMessagesMax deliveries that wait in memory for one client, default 10,000: a
 *     burst of some seconds to a client on a slow line
 * @param sendQueueBytesMax bytes that wait in memory for one client, default 16 MiB: keeps 10,000
 *     large messages from filling the heap
 * @param receiveMaximum QoS &gt; 0 publications one client may have unacknowledged, 1 to 65,535,
 *     default 1,024: fills a line of 10 ms and 100,000 messages/s
 * @param sendMaximum deliveries at QoS &gt; 0 to one client without acknowledgement, 1 to 65,535,
 *     the client's own Receive Maximum if that is lower; default 1,024
 * @param subscriptionsMax filters of one session, default 10,000
 */
public record SessionLimits(
    int sendQueueMessagesMax,
    long sendQueueBytesMax,
    int receiveMaximum,
    int sendMaximum,
    int subscriptionsMax) {

  public static final SessionLimits DEFAULTS =
      new SessionLimits(10_000, 16L << 20, 1_024, 1_024, 10_000);

  public SessionLimits {
    requirePositive(sendQueueMessagesMax, "sendQueueMessagesMax");
    requirePositive(sendQueueBytesMax, "sendQueueBytesMax");
    requireRange(receiveMaximum, "receiveMaximum");
    requireRange(sendMaximum, "sendMaximum");
    requirePositive(subscriptionsMax, "subscriptionsMax");
  }

  private static void requirePositive(long value, String name) {
    if (value <= 0) {
      throw new IllegalArgumentException(name + " is above 0, not " + value);
    }
  }

  private static void requireRange(int value, String name) {
    if (value < 1 || value > 65_535) {
      throw new IllegalArgumentException(name + " is 1 to 65535, not " + value);
    }
  }

  /** A builder that starts from the defaults. */
  public static Builder builder() {
    return DEFAULTS.toBuilder();
  }

  /** A builder that starts from these values. */
  public Builder toBuilder() {
    return new Builder(this);
  }

  /** Collects changes to the values it starts from. Confined to its caller. */
  public static final class Builder {
    private int sendQueueMessagesMax;
    private long sendQueueBytesMax;
    private int receiveMaximum;
    private int sendMaximum;
    private int subscriptionsMax;

    private Builder(SessionLimits from) {
      sendQueueMessagesMax = from.sendQueueMessagesMax;
      sendQueueBytesMax = from.sendQueueBytesMax;
      receiveMaximum = from.receiveMaximum;
      sendMaximum = from.sendMaximum;
      subscriptionsMax = from.subscriptionsMax;
    }

    public Builder sendQueueMessagesMax(int value) {
      sendQueueMessagesMax = value;
      return this;
    }

    public Builder sendQueueBytesMax(long value) {
      sendQueueBytesMax = value;
      return this;
    }

    public Builder receiveMaximum(int value) {
      receiveMaximum = value;
      return this;
    }

    public Builder sendMaximum(int value) {
      sendMaximum = value;
      return this;
    }

    public Builder subscriptionsMax(int value) {
      subscriptionsMax = value;
      return this;
    }

    /**
     * The options.
     *
     * @throws IllegalArgumentException if a value is out of its bounds
     */
    public SessionLimits build() {
      return new SessionLimits(
          sendQueueMessagesMax, sendQueueBytesMax, receiveMaximum, sendMaximum, subscriptionsMax);
    }
  }
}
