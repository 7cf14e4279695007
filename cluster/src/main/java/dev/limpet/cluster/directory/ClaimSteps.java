package dev.limpet.cluster.directory;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.internal.serialization.Data;
import com.hazelcast.map.impl.MapService;
import com.hazelcast.map.impl.operation.EntryOperation;
import com.hazelcast.spi.impl.AbstractDistributedObject;
import com.hazelcast.spi.impl.NodeEngine;
import dev.limpet.broker.delivery.Lane;
import dev.limpet.cluster.directory.StepBatch.PendingStep;
import dev.limpet.cluster.member.AsyncRetry;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Takes steps to the claims, each as an operation of its own. Those of one tick of a lane start
 * together, so that the partitions' threads are woken for many and not for each.
 *
 * <p>Thread-safe; what a lane gathers is touched on that lane only.
 */
final class ClaimSteps {

  /** Steps that wait for the end of a tick, for each lane; with one more all start at once. */
  private static final int GATHERED_MAX = 128;

  private final AbstractDistributedObject<?> claims;
  private final AsyncRetry retry;
  private final Map<Lane, StepBatch> gathered = new ConcurrentHashMap<>();

  /**
   * @param retry answers at once: steps end on threads of Hazelcast
   */
  ClaimSteps(HazelcastInstance hazelcast, AsyncRetry retry) {
    this.claims =
        (AbstractDistributedObject<?>) hazelcast.<String, ClaimRecord>getMap(DirectoryMap.NAME);
    this.retry = retry;
  }

  /**
   * Does a step, once.
   *
   * @param what is done, for whoever waits in vain
   * @return completed on a thread of Hazelcast, which must not be held up; fails with {@link
   *     dev.limpet.broker.spi.ClusterUnavailableException}
   */
  CompletableFuture<ClaimAnswer> take(String what, String clientId, DirectoryStep step) {
    PendingStep pending = new PendingStep(what, clientId, step, new CompletableFuture<>());
    Lane lane = Lane.current();
    if (lane == null) {
      StepBatch single = new StepBatch(retry, this::start);
      single.add(pending);
      single.send();
    } else {
      gather(lane, pending);
    }
    return pending.answer();
  }

  private void gather(Lane lane, PendingStep pending) {
    StepBatch batch = gathered.get(lane);
    if (batch == null) {
      batch = new StepBatch(retry, this::start);
      gathered.put(lane, batch);
      lane.atEndOfTick(() -> send(lane));
    }
    batch.add(pending);
    if (batch.size() >= GATHERED_MAX) {
      send(lane);
    }
  }

  private void send(Lane lane) {
    StepBatch batch = gathered.remove(lane);
    if (batch != null) {
      batch.send();
    }
  }

  /**
   * What {@code IMap.submitToKey} does, without the task on the common pool that it adds to each
   * answer, which costs a thread's wake-up.
   */
  private CompletionStage<ClaimAnswer> start(PendingStep pending) {
    NodeEngine engine = claims.getNodeEngine();
    Data key = engine.toData(pending.clientId());
    // Said here once more: only calls through a map's proxy look at the member's property.
    return engine
        .getOperationService()
        .createInvocationBuilder(
            MapService.SERVICE_NAME,
            new EntryOperation(DirectoryMap.NAME, key, pending.step()),
            engine.getPartitionService().getPartitionId(key))
        .setFailOnIndeterminateOperationState(true)
        .<ClaimAnswer>invoke();
  }
}
