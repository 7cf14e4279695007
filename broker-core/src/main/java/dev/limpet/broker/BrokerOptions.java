package dev.limpet.broker;

import dev.limpet.broker.connection.ConnectionOptions;
import dev.limpet.broker.routing.ShareStrategy;
import dev.limpet.broker.spi.durable.InboxLimits;

/**
 * Bounds and habits of one broker. Immutable.
 *
 * @param connection bounds of each connection and its session
 * @param inbox bounds of each durable session's inbox
 * @param retainedMax retained publications, default 1,000,000
 * @param shareStrategy how share groups pick a member, default one after the other: the only one
 *     that spreads evenly whatever clients publish
 * @param stopMillisMax time for connections to end orderly at {@link Broker#stop}, default 5,000
 */
public record BrokerOptions(
    ConnectionOptions connection,
    InboxLimits inbox,
    int retainedMax,
    ShareStrategy shareStrategy,
    long stopMillisMax) {

  public static final BrokerOptions DEFAULTS =
      new BrokerOptions(
          ConnectionOptions.DEFAULTS,
          InboxLimits.DEFAULT,
          1_000_000,
          ShareStrategy.ROUND_ROBIN,
          5_000);

  /** Bounds, with the usual habits. */
  public BrokerOptions(
      ConnectionOptions connection, InboxLimits inbox, int retainedMax, long stopMillisMax) {
    this(connection, inbox, retainedMax, ShareStrategy.ROUND_ROBIN, stopMillisMax);
  }

  /** The same with another way of picking from share groups. */
  public BrokerOptions withShareStrategy(ShareStrategy newStrategy) {
    return new BrokerOptions(connection, inbox, retainedMax, newStrategy, stopMillisMax);
  }

  /** The same with other bounds of connections. */
  public BrokerOptions withConnection(ConnectionOptions newConnection) {
    return new BrokerOptions(newConnection, inbox, retainedMax, shareStrategy, stopMillisMax);
  }
}
