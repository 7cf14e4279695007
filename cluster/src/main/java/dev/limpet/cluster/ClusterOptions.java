package dev.limpet.cluster;

import dev.limpet.cluster.member.MemberOptions;
import dev.limpet.cluster.peer.PeerOptions;

/**
 * Configures how a node takes part in its cluster. Immutable.
 *
 * @param member its place in Hazelcast
 * @param peers bounds of its links to other nodes
 */
public record ClusterOptions(MemberOptions member, PeerOptions peers) {

  /** The same with links that have room for packets of this size, in bytes. */
  ClusterOptions withPackets(int packetBytesMax) {
    return new ClusterOptions(member, peers.withPackets(packetBytesMax));
  }

  /** Default bounds. */
  public static ClusterOptions of(MemberOptions member) {
    return new ClusterOptions(member, PeerOptions.defaults());
  }
}
