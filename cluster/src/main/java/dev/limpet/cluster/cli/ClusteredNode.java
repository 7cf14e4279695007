package dev.limpet.cluster.cli;

import dev.limpet.broker.files.Reread;
import dev.limpet.cluster.ClusteredBroker;
import dev.limpet.cluster.ClusteredBrokerOptions;
import dev.limpet.cluster.NodeAccess;
import dev.limpet.cluster.config.ListenerUri;
import dev.limpet.cluster.config.NodeOptions;
import dev.limpet.cluster.http.NodeMetrics;
import dev.limpet.cluster.http.NodeView;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Runs a real node. Thread-safe: the broker holds the state. */
final class ClusteredNode implements NodeProgram {

  private final NodeAccess access;
  private final ClusteredBroker broker;

  /** A node that closes itself when it is stuck. */
  ClusteredNode(Vertx vertx, NodeOptions options, NodeMetrics metrics) {
    access = NodeAccess.open(options, metrics.registry());
    broker =
        new ClusteredBroker(
            vertx,
            ClusteredBrokerOptions.of(options).toBuilder().guards(access.guards()).build(),
            metrics.registry());
  }

  /** The same with another end when it is stuck. */
  ClusteredNode whenStuck(Consumer<String> end) {
    broker.onStuck(end);
    return this;
  }

  @Override
  public CompletionStage<Void> start(String http) {
    return broker.start(http);
  }

  @Override
  public CompletionStage<Void> stop() {
    return broker.stop().whenComplete((stopped, failure) -> access.close());
  }

  @Override
  public List<Reread> readAgain() {
    return Stream.concat(access.readAgain().stream(), broker.readAgain().stream()).toList();
  }

  @Override
  public NodeView view() {
    return broker.view();
  }

  @Override
  public List<String> listeners() {
    return broker.listeners().stream().map(ListenerUri::toString).toList();
  }
}
