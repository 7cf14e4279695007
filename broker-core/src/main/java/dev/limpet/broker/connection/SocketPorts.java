package dev.limpet.broker.connection;

import dev.limpet.broker.delivery.Drops;
import dev.limpet.broker.events.EventLog;
import dev.limpet.broker.metrics.BrokerMetrics;
import dev.limpet.broker.spi.NodeGuards;

/**
 * What all sockets of a node share, whoever is behind them. Immutable; made once, by the
 * composition root.
 *
 * @param guards for listeners without their own
 */
public record SocketPorts(
    ConnectionOptions options,
    Admission admission,
    NodeGuards guards,
    BrokerMetrics metrics,
    Drops drops,
    EventLog eventLog) {}
