package dev.limpet.store.hazelcast;

import com.hazelcast.core.HazelcastInstance;

/** Marks a processor that is told when {@link CommitOperation} has applied it. */
public interface AppliedWrites {

  /**
   * All entries have been processed; on the partition's thread.
   *
   * @param member that owns the partition
   */
  void applied(HazelcastInstance member, int partition);
}
