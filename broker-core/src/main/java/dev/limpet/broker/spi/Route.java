package dev.limpet.broker.spi;

import dev.limpet.broker.mqtt.NodeId;
import dev.limpet.broker.topic.SharedFilter;

/** "Node N wants what matches filter F" (or its share of it, for a share group). Immutable. */
public record Route(NodeId node, SharedFilter filter, RouteKind kind) {}
