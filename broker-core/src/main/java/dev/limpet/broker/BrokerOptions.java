package dev.limpet.broker;

import dev.limpet.broker.connection.ConnectionOptions;
import dev.limpet.broker.routing.share.ShareStrategy;
import dev.limpet.broker.spi.durable.InboxLimits;

/**
 * Bounds and habits of one broker. Immutable.
 *
 * @param connection bounds of each connection and its session
 * @param inbox bounds of each durable session's inbox
 * @param node bounds of all clients together
 * @param retainedMax retained publications, default 1,000,000
 * @param shareStrategy how share groups pick a member, default one after the other: the only one
 *     that spreads evenly whatever clients publish
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
      new BrokerOptions(ConnectionOptions.DEFAULTS, InboxLimits.DEFAULT, 1_000_000, 5_000);

  /** Bounds, with the usual habits and the usual bounds of all clients together. */
  public BrokerOptions(
      ConnectionOptions connection, InboxLimits inbox, int retainedMax, long stopMillisMax) {
    this(
        connection,
        inbox,
        NodeLimits.DEFAULTS,
        retainedMax,
        ShareStrategy.ROUND_ROBIN,
        10,
        stopMillisMax,
        true);
  }

  /** The same with other bounds of connections. */
  public BrokerOptions withConnection(ConnectionOptions newConnection) {
    return new BrokerOptions(
        newConnection,
        inbox,
        node,
        retainedMax,
        shareStrategy,
        sysIntervalSeconds,
        stopMillisMax,
        logsConnections);
  }

  /** The same with other bounds of all clients together. */
  public BrokerOptions withNode(NodeLimits newNode) {
    return new BrokerOptions(
        connection,
        inbox,
        newNode,
        retainedMax,
        shareStrategy,
        sysIntervalSeconds,
        stopMillisMax,
        logsConnections);
  }

  /** The same with another way of picking from share groups. */
  public BrokerOptions withShareStrategy(ShareStrategy newStrategy) {
    return new BrokerOptions(
        connection,
        inbox,
        node,
        retainedMax,
        newStrategy,
        sysIntervalSeconds,
        stopMillisMax,
        logsConnections);
  }

  /** The same with another interval of {@code $SYS/broker}. */
  public BrokerOptions withSysIntervalSeconds(int seconds) {
    return new BrokerOptions(
        connection,
        inbox,
        node,
        retainedMax,
        shareStrategy,
        seconds,
        stopMillisMax,
        logsConnections);
  }
}
