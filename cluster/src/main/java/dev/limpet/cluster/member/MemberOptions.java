package dev.limpet.cluster.member;

import java.util.List;

/**
 * How a node takes part in Hazelcast. Immutable.
 *
 * @param clusterName nodes of another cluster are refused; default {@code limpet}
 * @param bindHost address for the ports between nodes: a literal or a name of this machine; default
 *     {@code 127.0.0.1}, so that nothing is open to a network unasked
 * @param port of Hazelcast; 0 for any free one (only good for the first node of a test)
 * @param join addresses {@code host:port} of possible peers; empty for a cluster of one's own
 * @param partitionCount the same on all nodes for ever; default 271, enough to spread evenly over
 *     dozens of nodes; tests take fewer to start faster
 * @param heartbeatSeconds how often nodes tell each other that they live; default 1
 * @param silenceSecondsMax after so much silence a node counts as dead (a killed process is noticed
 *     at once by its closed sockets); default 5
 * @param leaveSecondsMax how long a leaving node waits for its partitions to move; default 4, so
 *     that a whole stop stays below 10
 */
public record MemberOptions(
    String clusterName,
    String bindHost,
    int port,
    List<String> join,
    int partitionCount,
    int heartbeatSeconds,
    int silenceSecondsMax,
    int leaveSecondsMax) {

  public MemberOptions {
    join = List.copyOf(join);
    if (heartbeatSeconds < 1 || silenceSecondsMax <= heartbeatSeconds) {
      throw new IllegalArgumentException("a heartbeat comes at least once within the silence");
    }
    if (partitionCount < 1) {
      throw new IllegalArgumentException("there is at least one partition");
    }
  }

  /** A node that listens on loopback and joins nobody. */
  public static MemberOptions defaults() {
    return new MemberOptions("limpet", "127.0.0.1", 5701, List.of(), 271, 1, 5, 4);
  }

  /** The same on another port, with other peers. */
  public MemberOptions with(int newPort, List<String> newJoin) {
    return new MemberOptions(
        clusterName,
        bindHost,
        newPort,
        newJoin,
        partitionCount,
        heartbeatSeconds,
        silenceSecondsMax,
        leaveSecondsMax);
  }
}
