package dev.limpet.store.partition;

import com.hazelcast.map.IMap;
import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.spi.durable.DurableSession;
import dev.limpet.store.hazelcast.Commits;
import java.util.concurrent.CompletionStage;

/** Writes to the partitions of the map of sessions. Thread-safe. */
public final class SessionPartitions {
  private final Commits commits;

  public SessionPartitions(IMap<String, DurableSession> sessions) {
    this.commits = new Commits(sessions);
  }

  public int partitionOf(ClientId clientId) {
    return commits.partitionOf(clientId.value());
  }

  /**
   * Applies writes to sessions of one partition.
   *
   * @return the answer of each session; completed when the owner and its backup have the writes, on
   *     a thread of Hazelcast's; fails when it is not known whether they do
   * @throws com.hazelcast.core.HazelcastInstanceNotActiveException when the member shuts down
   */
  public CompletionStage<Commits.Answers> apply(int partition, PartitionWrites writes) {
    return commits.apply(partition, writes.clientIds(), writes);
  }
}
