package dev.limpet.cluster;

import dev.limpet.cluster.audit.AuditPace;
import dev.limpet.cluster.member.MemberOptions;
import dev.limpet.cluster.peer.PeerOptions;
import dev.limpet.cluster.view.SplitMode;
import java.util.function.LongSupplier;

/**
 * Configures how a node takes part in its cluster. Immutable.
 *
 * @param member its place in Hazelcast
 * @param peers bounds of its links to other nodes
 * @param audit how quickly it compares what the nodes know
 * @param split what the node does when it is cut off
 * @param witness whether the node only votes, and holds no data
 * @param wallMillis the clock of its machine, in epoch milliseconds
 */
public record ClusterOptions(
    MemberOptions member,
    PeerOptions peers,
    AuditPace audit,
    SplitMode split,
    boolean witness,
    LongSupplier wallMillis) {

  /** With the system's clock, serving only with the majority. */
  public ClusterOptions(MemberOptions member, PeerOptions peers, AuditPace audit) {
    this(member, peers, audit, SplitMode.CONSISTENT, false, System::currentTimeMillis);
  }

  /** With the usual pace of the audit, too. */
  public ClusterOptions(MemberOptions member, PeerOptions peers) {
    this(member, peers, AuditPace.DEFAULT);
  }

  /** The same with links that have room for packets of this size, in bytes. */
  ClusterOptions withPackets(int packetBytesMax) {
    return new ClusterOptions(
        member, peers.withPackets(packetBytesMax), audit, split, witness, wallMillis);
  }

  /** The same with another answer to being cut off. */
  public ClusterOptions withSplit(SplitMode value) {
    return new ClusterOptions(member, peers, audit, value, witness, wallMillis);
  }

  /** The same node, which only votes when it is a witness. */
  public ClusterOptions withWitness(boolean value) {
    return new ClusterOptions(member, peers, audit, split, value, wallMillis);
  }

  /** Default bounds. */
  public static ClusterOptions of(MemberOptions member) {
    return new ClusterOptions(member, PeerOptions.defaults());
  }
}
