package dev.limpet.cluster.peer;

/**
 * Bounds the links between nodes. Immutable.
 *
 * @param linkBytesMax bytes to one peer that are not acknowledged, or not answered if they ask for
 *     an answer; default 64 MiB, or an eighth of the heap if that is less. Beyond half of it QoS 0
 *     live deliveries are dropped and counted, beyond all of it every live delivery, and requests
 *     fail
 * @param frameBytesMax largest frame; default 32 MiB (a 16th of the heap), far above the packets a
 *     node takes by default
 * @param requestMillisMax how long a request waits for its answer; default 8,000, above the time a
 *     silent node takes to be noticed, so that a dead peer is reported as gone
 * @param connectMillisMax how long a connection may take to be accepted; default 2,000
 * @param retryMillisMax longest pause between attempts to connect; default 500
 */
public record PeerOptions(
    long linkBytesMax,
    int frameBytesMax,
    long requestMillisMax,
    int connectMillisMax,
    long retryMillisMax) {

  /** Beside its packet a frame names its targets: topics, inboxes, groups. */
  private static final int FRAME_BYTES_EXTRA = 1 << 20;

  public static PeerOptions defaults() {
    long heap = Runtime.getRuntime().maxMemory();
    return new PeerOptions(
        Math.min(64L << 20, heap / 8), (int) Math.min(32 << 20, heap / 16), 8_000, 2_000, 500);
  }

  /**
   * The same, with room for packets of this size; nodes of one cluster take packets alike.
   *
   * @param packetBytesMax largest packet that a client may send
   */
  public PeerOptions withPackets(int packetBytesMax) {
    int frame = Math.max(frameBytesMax, packetBytesMax + FRAME_BYTES_EXTRA);
    long link = Math.max(linkBytesMax, 2L * frame); // QoS 0 gets half of it
    return new PeerOptions(link, frame, requestMillisMax, connectMillisMax, retryMillisMax);
  }

  /** A builder that starts from the defaults. */
  public static Builder builder() {
    return defaults().toBuilder();
  }

  /** A builder that starts from these values. */
  public Builder toBuilder() {
    return new Builder(this);
  }

  /** Collects changes to the values it starts from. Confined to its caller. */
  public static final class Builder {
    private long linkBytesMax;
    private int frameBytesMax;
    private long requestMillisMax;
    private int connectMillisMax;
    private long retryMillisMax;

    private Builder(PeerOptions from) {
      linkBytesMax = from.linkBytesMax;
      frameBytesMax = from.frameBytesMax;
      requestMillisMax = from.requestMillisMax;
      connectMillisMax = from.connectMillisMax;
      retryMillisMax = from.retryMillisMax;
    }

    public Builder linkBytesMax(long value) {
      linkBytesMax = value;
      return this;
    }

    public Builder frameBytesMax(int value) {
      frameBytesMax = value;
      return this;
    }

    public Builder requestMillisMax(long value) {
      requestMillisMax = value;
      return this;
    }

    public Builder connectMillisMax(int value) {
      connectMillisMax = value;
      return this;
    }

    public Builder retryMillisMax(long value) {
      retryMillisMax = value;
      return this;
    }

    /**
     * The options.
     *
     * @throws IllegalArgumentException if a value is out of its bounds
     */
    public PeerOptions build() {
      return new PeerOptions(
          linkBytesMax, frameBytesMax, requestMillisMax, connectMillisMax, retryMillisMax);
    }
  }
}
