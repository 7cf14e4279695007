package dev.limpet.cluster.cli.heap;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.OutOfMemoryHandler;

/**
 * Replaces Hazelcast's handler, which closes its sockets and lets the process linger. Thread-safe:
 * immutable.
 */
final class HazelcastOutOfMemory extends OutOfMemoryHandler {

  private final HeapEnd end;
  private final HeapWatch watch;

  HazelcastOutOfMemory(HeapEnd end, HeapWatch watch) {
    this.end = end;
    this.watch = watch;
  }

  /** Errors of other members come here, too. */
  @Override
  public void onOutOfMemory(OutOfMemoryError error, HazelcastInstance[] instances) {
    if (HeapEnd.isOutOfMemory(error) && watch.hasCollectedLately()) {
      end.now();
    }
  }
}
