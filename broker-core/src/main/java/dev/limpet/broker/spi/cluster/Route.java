package dev.limpet.broker.spi.cluster;

import dev.limpet.broker.mqtt.NodeId;
import dev.limpet.broker.topic.SharedFilter;

/**
 * States "node N wants publications that match filter F" (or its share of them, for a share group).
 * Immutable.
 *
 * @param weight roughly how many members of the share group are there, 1 to {@link
 *     RouteTable#WEIGHT_MAX}; 1 without a group
 */
public record Route(NodeId node, SharedFilter filter, RouteKind kind, int weight) {

  /** One of a single member, or without a group. */
  public Route(NodeId node, SharedFilter filter, RouteKind kind) {
    this(node, filter, kind, 1);
  }
}
