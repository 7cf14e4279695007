package dev.limpet.cluster;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits until a node that has joined has its share of the partitions, and every partition its copy:
 * a node that is called ready may be killed at once, and nothing is lost. Thread-safe: immutable.
 *
 * @param cluster asked on a worker, since the answer blocks
 * @param wanted whether the node still runs
 * @param onShare called once when the node has its share
 */
record ShareWait(Vertx vertx, HazelcastCluster cluster, BooleanSupplier wanted, Runnable onShare) {

  private static final Logger LOG = LoggerFactory.getLogger(ShareWait.class);

  /** How often, and how many times, a starting node looks before it admits clients. */
  private static final long CHECK_MILLIS = 200;

  private static final int CHECKS_MAX = 150;

  private static final long LATE_CHECK_MILLIS = 1_000;

  /** Done when the node may admit clients: it has its share, or has waited for long. */
  Future<Void> begin() {
    return look(CHECKS_MAX);
  }

  private Future<Void> look(int checksLeft) {
    return hasShare()
        .compose(
            done -> {
              if (done) {
                onShare.run();
                return Future.succeededFuture();
              }
              if (checksLeft == 0) {
                LOG.warn(
                    "Node {} admits clients and is not ready: it waits for its share",
                    cluster.membership().self());
                vertx.setTimer(LATE_CHECK_MILLIS, timer -> lookLate());
                return Future.succeededFuture();
              }
              Promise<Void> later = Promise.promise();
              vertx.setTimer(CHECK_MILLIS, timer -> later.complete());
              return later.future().compose(again -> look(checksLeft - 1));
            });
  }

  private void lookLate() {
    hasShare()
        .onComplete(
            done -> {
              if (done.succeeded() && done.result()) {
                onShare.run();
              } else if (wanted.getAsBoolean()) {
                vertx.setTimer(LATE_CHECK_MILLIS, timer -> lookLate());
              }
            });
  }

  private Future<Boolean> hasShare() {
    return vertx.executeBlocking(cluster::isCopied, false);
  }
}
