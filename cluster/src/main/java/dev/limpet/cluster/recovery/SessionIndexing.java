package dev.limpet.cluster.recovery;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.IMap;
import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.spi.cluster.ClusterListener;
import dev.limpet.cluster.member.PartitionTable;
import dev.limpet.store.call.MapNames;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Has the broker index all stored sessions of some partitions, chunk by chunk. Stateless. */
final class SessionIndexing {

  /** Sessions read from the store at once. */
  private static final int CHUNK = 1_000;

  private final IMap<String, ?> sessions;
  private final PartitionTable partitions;

  SessionIndexing(HazelcastInstance hazelcast, PartitionTable partitions) {
    this.sessions = hazelcast.getMap(MapNames.SESSIONS);
    this.partitions = partitions;
  }

  /**
   * Blocks while it lists the ids, not while they are indexed.
   *
   * @return done when every live peer has the routes of all
   */
  CompletionStage<Void> index(BitSet gained, ClusterListener listener) {
    List<ClientId> ids = new ArrayList<>();
    for (String id : sessions.localKeySet()) {
      if (gained.get(partitions.partitionOf(id))) {
        ids.add(ClientId.of(id));
      }
    }
    return indexFrom(ids, 0, listener);
  }

  private static CompletionStage<Void> indexFrom(
      List<ClientId> ids, int from, ClusterListener listener) {
    if (from >= ids.size()) {
      return CompletableFuture.completedStage(null);
    }
    int to = Math.min(from + CHUNK, ids.size());
    return listener
        .onIndex(List.copyOf(ids.subList(from, to)))
        .thenCompose(done -> indexFrom(ids, to, listener));
  }
}
