package dev.limpet.cluster.member;

import java.util.List;

/**
 * Configures how a node takes part in Hazelcast. Immutable.
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

  /** The options of a node that listens on loopback and joins no other. */
  public static MemberOptions defaults() {
    return new MemberOptions("limpet", "127.0.0.1", 5701, List.of(), 271, 1, 5, 4);
  }

  /** A builder that starts from the defaults. */
  public static Builder builder() {
    return defaults().toBuilder();
  }

  /** A builder that starts from these values. */
  public Builder toBuilder() {
    return new Builder(this);
  }

  /** Collects changes to the values it starts from. Confined to its caller. */
  public static final class Builder {
    private String clusterName;
    private String bindHost;
    private int port;
    private List<String> join;
    private int partitionCount;
    private int heartbeatSeconds;
    private int silenceSecondsMax;
    private int leaveSecondsMax;

    private Builder(MemberOptions from) {
      clusterName = from.clusterName;
      bindHost = from.bindHost;
      port = from.port;
      join = from.join;
      partitionCount = from.partitionCount;
      heartbeatSeconds = from.heartbeatSeconds;
      silenceSecondsMax = from.silenceSecondsMax;
      leaveSecondsMax = from.leaveSecondsMax;
    }

    public Builder clusterName(String value) {
      clusterName = value;
      return this;
    }

    public Builder bindHost(String value) {
      bindHost = value;
      return this;
    }

    public Builder port(int value) {
      port = value;
      return this;
    }

    public Builder join(List<String> value) {
      join = value;
      return this;
    }

    public Builder partitionCount(int value) {
      partitionCount = value;
      return this;
    }

    public Builder heartbeatSeconds(int value) {
      heartbeatSeconds = value;
      return this;
    }

    public Builder silenceSecondsMax(int value) {
      silenceSecondsMax = value;
      return this;
    }

    public Builder leaveSecondsMax(int value) {
      leaveSecondsMax = value;
      return this;
    }

    /**
     * The options.
     *
     * @throws IllegalArgumentException if a value is out of its bounds
     */
    public MemberOptions build() {
      return new MemberOptions(
          clusterName,
          bindHost,
          port,
          join,
          partitionCount,
          heartbeatSeconds,
          silenceSecondsMax,
          leaveSecondsMax);
    }
  }
}
