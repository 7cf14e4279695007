package dev.limpet.cluster.directory;

import com.hazelcast.core.HazelcastInstance;
import dev.limpet.broker.io.Lane;
import dev.limpet.cluster.member.AsyncRetry;
import dev.limpet.cluster.member.CallBatch;
import dev.limpet.store.hazelcast.Steps;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Applies steps to the claims, each as its own operation. Those of one tick of a lane start
 * together, so that the partitions' threads wake once for many.
 *
 * <p>Thread-safe; calls gathered for a lane are touched on that lane only.
 */
final class ClaimSteps {

  /** Steps that wait for the end of a tick, for each lane; with one more all start at once. */
  private static final int GATHERED_MAX = 128;

  private final Steps<ClaimRecord> claims;
  private final AsyncRetry retry;
  private final Map<Lane, CallBatch> gathered = new ConcurrentHashMap<>();

  ClaimSteps(HazelcastInstance hazelcast, AsyncRetry retry) {
    this.claims = new Steps<>(hazelcast.getMap(DirectoryMap.NAME));
    this.retry = retry;
  }

  /**
   * Does a step, once.
   *
   * @param what names the step in the error of a timeout
   * @return completed on a thread of Hazelcast, which must not be held up; fails with {@link
   *     dev.limpet.broker.spi.ClusterUnavailableException}
   */
  CompletableFuture<ClaimAnswer> take(String what, String clientId, DirectoryStep step) {
    Lane lane = Lane.current();
    CallBatch batch = lane == null ? retry.batch() : gathering(lane);
    CompletableFuture<ClaimAnswer> answer =
        batch.add(() -> what + " of client " + clientId, () -> claims.take(clientId, step));
    if (lane == null) {
      batch.start();
    } else if (batch.size() >= GATHERED_MAX) {
      start(lane);
    }
    return answer;
  }

  private CallBatch gathering(Lane lane) {
    CallBatch batch = gathered.get(lane);
    if (batch == null) {
      batch = retry.batch();
      gathered.put(lane, batch);
      lane.atEndOfTick(() -> start(lane));
    }
    return batch;
  }

  private void start(Lane lane) {
    CallBatch batch = gathered.remove(lane);
    if (batch != null) {
      batch.start();
    }
  }
}
