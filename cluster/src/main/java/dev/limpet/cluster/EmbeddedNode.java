package dev.limpet.cluster;

import dev.limpet.broker.BrokerVertx;
import dev.limpet.cluster.config.ListenerMode;
import dev.limpet.cluster.config.ListenerUri;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Represents one node of an {@link EmbeddedCluster}, with its own Vert.x. Thread-safe. */
public final class EmbeddedNode {

  private final ClusteredBrokerOptions options;
  private final Vertx vertx = BrokerVertx.start();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final ClusteredBroker broker;
  private volatile boolean live;
  private volatile boolean ended;

  EmbeddedNode(ClusteredBrokerOptions options) {
    this.options = options;
    this.broker = new ClusteredBroker(vertx, options, meters);
    broker.onStuck(
        sentence -> {
          live = false;
          broker.abandon(sentence);
        });
  }

  /** Unique in the cluster. */
  public String name() {
    return options.name();
  }

  /** Of the first listener that brings each client to its home. */
  public int stickyPort() {
    return port(ListenerMode.STICKY);
  }

  /** The port of the first direct listener. */
  public int directPort() {
    return port(ListenerMode.DIRECT);
  }

  /** Whether it was neither stopped nor crashed, and has not closed because it was stuck. */
  public boolean isLive() {
    return live;
  }

  /** The node itself. */
  public ClusteredBroker broker() {
    return broker;
  }

  /** Returns its meters. */
  public SimpleMeterRegistry meters() {
    return meters;
  }

  int clusterPort() {
    return broker.cluster().port();
  }

  CompletionStage<Void> start() {
    return broker.start().thenRun(() -> live = true);
  }

  CompletionStage<Void> stop() {
    live = false;
    ended = true;
    return Future.fromCompletionStage(broker.stop()).eventually(vertx::close).toCompletionStage();
  }

  void crash() {
    live = false;
    if (!ended) {
      ended = true;
      broker.crash();
      vertx.close().await();
    }
  }

  /** All its listeners with their real ports, as they were given, the plain ones first. */
  public List<ListenerUri> listeners() {
    return broker.listeners();
  }

  private int port(ListenerMode mode) {
    return broker.listeners().stream()
        .filter(listener -> listener.mode() == mode)
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("node " + name() + " does not listen"))
        .port();
  }
}
