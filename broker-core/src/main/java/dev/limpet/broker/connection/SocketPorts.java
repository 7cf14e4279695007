package dev.limpet.broker.connection;

import dev.limpet.broker.delivery.Drops;
import dev.limpet.broker.events.EventLog;
import dev.limpet.broker.metrics.BrokerMetrics;
import dev.limpet.broker.spi.NodeGuards;

/**
 * Groups the ports that all sockets of a node share. Immutable; the composition root makes it once.
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
