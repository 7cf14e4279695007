package dev.limpet.store.hazelcast;

import com.hazelcast.internal.serialization.Data;
import com.hazelcast.map.IMap;
import com.hazelcast.map.impl.MapService;
import com.hazelcast.spi.impl.AbstractDistributedObject;
import com.hazelcast.spi.impl.NodeEngine;
import com.hazelcast.spi.impl.operationservice.Operation;
import java.util.concurrent.CompletableFuture;

/**
 * Bypasses the proxy of a map: sends custom operations to the owners of its partitions. A proxy
 * adds a task on the common pool to each answer, which wakes a thread.
 *
 * <p>Thread-safe.
 */
final class MapInternals {
  private final AbstractDistributedObject<?> map;

  MapInternals(IMap<String, ?> map) {
    this.map = (AbstractDistributedObject<?>) map;
  }

  /** The member's engine. */
  NodeEngine engine() {
    return map.getNodeEngine();
  }

  /** A key as operations name it. */
  Data key(String key) {
    return engine().toData(key);
  }

  /** The partition of a key. */
  int partitionOf(String key) {
    return engine().getPartitionService().getPartitionId(key);
  }

  /**
   * Has an operation run by the owner of a partition, and by its backups as the operation says.
   *
   * @return completed on a thread of Hazelcast's; fails when it is not known whether all have run
   *     it
   * @throws com.hazelcast.core.HazelcastInstanceNotActiveException when the member shuts down
   */
  <T> CompletableFuture<T> invoke(Operation operation, int partition) {
    // Said here once more: only calls through a map's proxy look at the member's property.
    return engine()
        .getOperationService()
        .createInvocationBuilder(MapService.SERVICE_NAME, operation, partition)
        .setFailOnIndeterminateOperationState(true)
        .<T>invoke();
  }
}
