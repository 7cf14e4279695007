package dev.limpet.cluster.directory;

import com.hazelcast.map.impl.MapService;
import com.hazelcast.spi.exception.RetryableHazelcastException;
import com.hazelcast.spi.impl.NodeEngine;
import com.hazelcast.spi.impl.operationservice.OperationAccessor;
import com.hazelcast.spi.impl.operationservice.OperationResponseHandler;
import java.util.concurrent.CompletableFuture;

/**
 * The answer to a step of a node that is alone: the step is run, on its partition's thread and
 * under the same conditions as any other, without the machinery that waits for other members.
 *
 * <p>Thread-safe.
 */
final class LoneAnswer extends CompletableFuture<ClaimAnswer>
    implements OperationResponseHandler<StepOperation> {

  private LoneAnswer() {}

  /** Whether nobody is there to own a partition or to keep a backup but this node. */
  static boolean isPossible(NodeEngine engine) {
    return engine.getClusterService().getSize() == 1;
  }

  /**
   * Takes a step.
   *
   * @return fails with a retryable exception when the node is no longer alone
   */
  static CompletableFuture<ClaimAnswer> to(StepOperation step, NodeEngine engine, int partition) {
    LoneAnswer answer = new LoneAnswer();
    step.setServiceName(MapService.SERVICE_NAME)
        .setPartitionId(partition)
        .setNodeEngine(engine)
        .setCallerUuid(engine.getLocalMember().getUuid())
        .setOperationResponseHandler(answer);
    OperationAccessor.setCallerAddress(step, engine.getThisAddress());
    engine.getOperationService().execute(step);
    return answer;
  }

  @Override
  public void sendResponse(StepOperation step, Object response) {
    if (response instanceof ClaimAnswer answer) {
      complete(answer);
    } else if (response instanceof Throwable failure) {
      completeExceptionally(failure);
    } else {
      // Taken, but there is a backup now: the repetition waits for it.
      completeExceptionally(new RetryableHazelcastException("a member has joined: " + response));
    }
  }
}
