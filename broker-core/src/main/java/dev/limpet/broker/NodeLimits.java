package dev.limpet.broker;

/**
 * Bounds all clients of a node together. Immutable.
 *
 * @param sessionsMax durable sessions at home here, default 1,000,000: stops clients that invent
 *     client ids; each session takes about 1 KiB here and on its backup
 * @param sendQueueMessagesMax deliveries that wait in memory for the connected clients, default
 *     2,000,000
 * @param sendQueueBytesMax the same in bytes, default a quarter of the heap: the bounds of single
 *     clients together exceed any heap
 * @param socketBytesMax bytes written for clients that their connections have not taken, default a
 *     quarter of the heap: they are copies beside the heap, where a JVM admits as much again
 * @param inboxMessagesMax deliveries in all inboxes at home here, default 5,000,000
 * @param inboxBytesMax the same in bytes, default a quarter of the heap: as much again is taken by
 *     the copies of other nodes' inboxes
 * @param retainedBytesMax sizes of all retained publications, default an eighth of the heap
 * @param memoryCeilingBytes heap in use after garbage collection, and bytes in sockets, from which
 *     on QoS 0 is shed and, 10 % further, new connections are refused; default 80 % of the heap: a
 *     collector needs the rest to keep its pauses short
 */
public record NodeLimits(
    int sessionsMax,
    long sendQueueMessagesMax,
    long sendQueueBytesMax,
    long socketBytesMax,
    long inboxMessagesMax,
    long inboxBytesMax,
    long retainedBytesMax,
    long memoryCeilingBytes) {

  public static final NodeLimits DEFAULTS =
      new NodeLimits(
          1_000_000,
          2_000_000,
          heapPercent(25),
          heapPercent(25),
          5_000_000,
          heapPercent(25),
          heapPercent(12),
          heapPercent(80));

  public NodeLimits {
    if (sendQueueMessagesMax < 1 || sendQueueBytesMax < 1) {
      throw new IllegalArgumentException("the send queues hold at least one message and one byte");
    }
    if (socketBytesMax < 1) {
      throw new IllegalArgumentException("the sockets hold at least one byte");
    }
    if (inboxMessagesMax < 1 || inboxBytesMax < 1) {
      throw new IllegalArgumentException("the inboxes hold at least one message and one byte");
    }
    if (sessionsMax < 0 || retainedBytesMax < 0 || memoryCeilingBytes < 1) {
      throw new IllegalArgumentException("a bound of the node is negative");
    }
  }

  /** So much of the largest heap this process may have. */
  public static long heapPercent(int percent) {
    return Runtime.getRuntime().maxMemory() / 100 * percent;
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
    private int sessionsMax;
    private long sendQueueMessagesMax;
    private long sendQueueBytesMax;
    private long socketBytesMax;
    private long inboxMessagesMax;
    private long inboxBytesMax;
    private long retainedBytesMax;
    private long memoryCeilingBytes;

    private Builder(NodeLimits from) {
      sessionsMax = from.sessionsMax;
      sendQueueMessagesMax = from.sendQueueMessagesMax;
      sendQueueBytesMax = from.sendQueueBytesMax;
      socketBytesMax = from.socketBytesMax;
      inboxMessagesMax = from.inboxMessagesMax;
      inboxBytesMax = from.inboxBytesMax;
      retainedBytesMax = from.retainedBytesMax;
      memoryCeilingBytes = from.memoryCeilingBytes;
    }

    public Builder sessionsMax(int value) {
      sessionsMax = value;
      return this;
    }

    public Builder sendQueueMessagesMax(long value) {
      sendQueueMessagesMax = value;
      return this;
    }

    public Builder sendQueueBytesMax(long value) {
      sendQueueBytesMax = value;
      return this;
    }

    public Builder socketBytesMax(long value) {
      socketBytesMax = value;
      return this;
    }

    public Builder inboxMessagesMax(long value) {
      inboxMessagesMax = value;
      return this;
    }

    public Builder inboxBytesMax(long value) {
      inboxBytesMax = value;
      return this;
    }

    public Builder retainedBytesMax(long value) {
      retainedBytesMax = value;
      return this;
    }

    public Builder memoryCeilingBytes(long value) {
      memoryCeilingBytes = value;
      return this;
    }

    /**
     * The options.
     *
     * @throws IllegalArgumentException if a value is out of its bounds
     */
    public NodeLimits build() {
      return new NodeLimits(
          sessionsMax,
          sendQueueMessagesMax,
          sendQueueBytesMax,
          socketBytesMax,
          inboxMessagesMax,
          inboxBytesMax,
          retainedBytesMax,
          memoryCeilingBytes);
    }
  }
}
