package dev.limpet.broker;

import dev.limpet.broker.connection.ConnectionOptions;
import dev.limpet.broker.spi.durable.InboxLimits;

/**
 * Bounds and habits of one broker. Immutable.
 *
 * @param connection bounds of each connection and its session
 * @param inbox bounds of each durable session's inbox
 * @param retainedMax retained publications, default 1,000,000
 * @param stopMillisMax time for connections to end orderly at {@link Broker#stop}, default 5,000
 */
public record BrokerOptions(
    ConnectionOptions connection, InboxLimits inbox, int retainedMax, long stopMillisMax) {

  public static final BrokerOptions DEFAULTS =
      new BrokerOptions(ConnectionOptions.DEFAULTS, InboxLimits.DEFAULT, 1_000_000, 5_000);

  /** The same with other bounds of connections. */
  public BrokerOptions withConnection(ConnectionOptions newConnection) {
    return new BrokerOptions(newConnection, inbox, retainedMax, stopMillisMax);
  }
}
