package dev.limpet.cluster;

import dev.limpet.cluster.http.Readiness;
import dev.limpet.cluster.readiness.NodeReadiness;
import dev.limpet.cluster.watchdog.NodeProbes;
import dev.limpet.cluster.watchdog.Watchdog;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Vertx;
import java.util.function.Consumer;

/** Watches a node that has joined, and says whether it is ready. Thread-safe. */
final class NodeHealth implements AutoCloseable {

  private final Watchdog watchdog;
  private final NodeReadiness readiness;

  /**
   * Looks from now on.
   *
   * @param onStuck gets the sentence that says what was stuck, once, when nothing heals it; may
   *     block
   */
  NodeHealth(
      Vertx vertx, HazelcastCluster cluster, Consumer<String> onStuck, MeterRegistry registry) {
    this.watchdog =
        NodeProbes.watch(
            new NodeProbes.Watched(
                cluster.membership().self().name(),
                vertx,
                cluster.hazelcast(),
                cluster.promotions(),
                cluster.migrations()),
            onStuck,
            registry);
    this.readiness =
        new NodeReadiness(
            new NodeReadiness.Parts(
                cluster.membership(),
                cluster.migrations(),
                cluster.routes(),
                cluster.recovery(),
                cluster::cutOff,
                watchdog,
                cluster::clockSentences));
    watchdog.start();
    readiness.start();
  }

  /** The node has its share of the partitions, and each has its copy. */
  void gotShare() {
    readiness.gotShare();
  }

  /** Whether the node may get clients, and if not, why. */
  Readiness readiness() {
    return readiness.readiness();
  }

  @Override
  public void close() {
    watchdog.close();
    readiness.close();
  }
}
