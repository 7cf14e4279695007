package dev.limpet.cluster;

import dev.limpet.cluster.audit.AuditPace;
import dev.limpet.cluster.member.MemberOptions;
import dev.limpet.cluster.peer.PeerOptions;

/**
 * Configures how a node takes part in its cluster. Immutable.
 *
 * @param member its place in Hazelcast
 * @param peers bounds of its links to other nodes
 * @param audit how quickly it compares what the nodes know
 */
public record ClusterOptions(MemberOptions member, PeerOptions peers, AuditPace audit) {

  /** With the usual pace of the audit. */
  public ClusterOptions(MemberOptions member, PeerOptions peers) {
    this(member, peers, AuditPace.DEFAULT);
  }

  /** The same with links that have room for packets of this size, in bytes. */
  ClusterOptions withPackets(int packetBytesMax) {
    return new ClusterOptions(member, peers.withPackets(packetBytesMax), audit);
  }

  /** Default bounds. */
  public static ClusterOptions of(MemberOptions member) {
    return new ClusterOptions(member, PeerOptions.defaults());
  }
}
