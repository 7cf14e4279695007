package dev.limpet.cluster.http;

import java.util.List;

/**
 * Describes one node of the cluster, for operators. Immutable.
 *
 * @param http base address of its HTTP interface, {@code http://HOST:PORT}
 * @param listeners URIs of its MQTT listeners
 * @param connections clients connected there now
 * @param sessions durable sessions it is home of
 * @param partitions it owns
 */
public record NodeStatus(
    String name,
    NodeState state,
    String http,
    List<String> listeners,
    int connections,
    int sessions,
    int partitions) {

  public NodeStatus {
    listeners = List.copyOf(listeners);
  }
}
