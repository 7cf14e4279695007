package dev.limpet.store;

import com.hazelcast.internal.serialization.Data;
import com.hazelcast.map.IMap;
import com.hazelcast.map.impl.MapEntries;
import com.hazelcast.map.impl.MapService;
import com.hazelcast.spi.impl.AbstractDistributedObject;
import com.hazelcast.spi.impl.NodeEngine;
import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.spi.durable.DurableSession;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/** The partitions of the map of sessions, and the way to write to them. Thread-safe. */
final class SessionPartitions {
  private final AbstractDistributedObject<?> sessions;

  SessionPartitions(IMap<String, DurableSession> sessions) {
    this.sessions = (AbstractDistributedObject<?>) sessions;
  }

  int partitionOf(ClientId clientId) {
    return sessions.getNodeEngine().getPartitionService().getPartitionId(clientId.value());
  }

  /**
   * Applies writes to sessions of one partition.
   *
   * @return completed when the owner and its backup have them, on a thread of Hazelcast's; fails
   *     when it is not known whether they do
   * @throws com.hazelcast.core.HazelcastInstanceNotActiveException when the member shuts down
   */
  CompletionStage<MapEntries> apply(int partition, PartitionWrites writes) {
    NodeEngine engine = sessions.getNodeEngine();
    Set<Data> keys = new HashSet<>();
    writes.clientIds().forEach(clientId -> keys.add(engine.toData(clientId)));
    // Said here once more: only calls through a map's proxy look at the member's property.
    return engine
        .getOperationService()
        .createInvocationBuilder(
            MapService.SERVICE_NAME,
            new CommitOperation(StoreMaps.SESSIONS, keys, writes),
            partition)
        .setFailOnIndeterminateOperationState(true)
        .<MapEntries>invoke();
  }

  /** What each session answered, by client id. */
  Map<String, byte[]> answers(MapEntries entries) {
    NodeEngine engine = sessions.getNodeEngine();
    Map<String, byte[]> answers = new HashMap<>(2 * entries.size());
    for (int i = 0; i < entries.size(); i++) {
      String clientId = engine.toObject(entries.getKey(i));
      byte[] answer = engine.toObject(entries.getValue(i));
      answers.put(clientId, Objects.requireNonNull(answer));
    }
    return answers;
  }
}
