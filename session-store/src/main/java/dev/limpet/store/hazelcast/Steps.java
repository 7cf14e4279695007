package dev.limpet.store.hazelcast;

import com.hazelcast.config.SerializationConfig;
import com.hazelcast.map.IMap;
import java.util.concurrent.CompletableFuture;

/** Applies steps to entries of one map, each as its own operation. Thread-safe. */
public final class Steps<V> {
  private final MapInternals map;
  private final String name;

  public Steps(IMap<String, V> map) {
    this.map = new MapInternals(map);
    this.name = map.getName();
  }

  /** Makes a member know the operation. */
  public static void configure(SerializationConfig types) {
    types.addDataSerializableFactory(StepOperation.FACTORY_ID, StepOperation.factory());
  }

  /**
   * Takes a step, once.
   *
   * @return completed on a thread of Hazelcast's when the owner and its backups have taken it;
   *     fails when it is not known whether they have
   * @throws com.hazelcast.core.HazelcastInstanceNotActiveException when the member shuts down
   */
  public <A> CompletableFuture<A> take(String key, Step<V, A> step) {
    return map.invoke(new StepOperation(name, map.key(key), step), map.partitionOf(key));
  }
}
