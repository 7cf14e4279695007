package dev.limpet.cluster.member;

/**
 * Hears of nodes that join and leave, in order and one call at a time, on a thread of Hazelcast.
 * Must not block.
 */
public interface MemberWatcher {

  /** A node joined. */
  void joined(MemberInfo node);

  /** A node left: it died, was silent for too long, or shut down. */
  void left(MemberInfo node);
}
