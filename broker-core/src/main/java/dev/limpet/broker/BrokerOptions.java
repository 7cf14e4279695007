package dev.limpet.broker;

import dev.limpet.broker.connection.ConnectionOptions;
import dev.limpet.broker.routing.share.ShareStrategy;
import dev.limpet.broker.spi.durable.InboxLimits;

/**
 * Holds the bounds and settings of one broker. Immutable.
 *
 * @param connection bounds of each connection and its session
 * @param inbox bounds of each durable session's inbox
 * @param node bounds of all clients together
 * @param retainedMax retained publications, default 1,000,000
 * @param shareStrategy how share groups pick a member, default round-robin: the only one that
 *     spreads evenly for any load
 * @param sysIntervalSeconds between two rounds of {@code $SYS/broker}, default 10, as mosquitto; 0
 *     to publish none
 * @param stopMillisMax time for connections to end orderly at {@link Broker#stop}, default 5,000
 * @param logsConnections whether connects and ordinary ends are lines of the log at info, as
 *     mosquitto's are (default), or at debug
 */
public record BrokerOptions(
    ConnectionOptions connection,
    InboxLimits inbox,
    NodeLimits node,
    int retainedMax,
    ShareStrategy shareStrategy,
    int sysIntervalSeconds,
    long stopMillisMax,
    boolean logsConnections) {

  public static final BrokerOptions DEFAULTS =
      new BrokerOptions(
          ConnectionOptions.DEFAULTS,
          InboxLimits.DEFAULT,
          NodeLimits.DEFAULTS,
          1_000_000,
          ShareStrategy.ROUND_ROBIN,
          10,
          5_000,
          true);

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
    private ConnectionOptions connection;
    private InboxLimits inbox;
    private NodeLimits node;
    private int retainedMax;
    private ShareStrategy shareStrategy;
    private int sysIntervalSeconds;
    private long stopMillisMax;
    private boolean logsConnections;

    private Builder(BrokerOptions from) {
      connection = from.connection;
      inbox = from.inbox;
      node = from.node;
      retainedMax = from.retainedMax;
      shareStrategy = from.shareStrategy;
      sysIntervalSeconds = from.sysIntervalSeconds;
      stopMillisMax = from.stopMillisMax;
      logsConnections = from.logsConnections;
    }

    public Builder connection(ConnectionOptions value) {
      connection = value;
      return this;
    }

    public Builder inbox(InboxLimits value) {
      inbox = value;
      return this;
    }

    public Builder node(NodeLimits value) {
      node = value;
      return this;
    }

    public Builder retainedMax(int value) {
      retainedMax = value;
      return this;
    }

    public Builder shareStrategy(ShareStrategy value) {
      shareStrategy = value;
      return this;
    }

    public Builder sysIntervalSeconds(int value) {
      sysIntervalSeconds = value;
      return this;
    }

    public Builder stopMillisMax(long value) {
      stopMillisMax = value;
      return this;
    }

    public Builder logsConnections(boolean value) {
      logsConnections = value;
      return this;
    }

    /**
     * The options.
     *
     * @throws IllegalArgumentException if a value is out of its bounds
     */
    public BrokerOptions build() {
      return new BrokerOptions(
          connection,
          inbox,
          node,
          retainedMax,
          shareStrategy,
          sysIntervalSeconds,
          stopMillisMax,
          logsConnections);
    }
  }
}
