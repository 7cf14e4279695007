package dev.limpet.cluster.cli;

import dev.limpet.broker.files.Reread;
import dev.limpet.cluster.config.NodeOptions;
import dev.limpet.cluster.http.NodeMetrics;
import dev.limpet.cluster.http.NodeView;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Represents the node {@code limpet node} runs: one of the cluster, or a test's stand-in. */
interface NodeProgram {

  /** Makes a node that has not started. */
  @FunctionalInterface
  interface Factory {
    NodeProgram create(Vertx vertx, NodeOptions options, NodeMetrics metrics);
  }

  /**
   * Joins the cluster and admits clients. May block.
   *
   * @param http address of this node's HTTP interface, for the peers to know
   * @return done when clients may come
   */
  CompletionStage<Void> start(String http);

  /** Sends the clients away and leaves the cluster; after a start that failed too. May block. */
  CompletionStage<Void> stop();

  /** Rereads users, rules and certificates, and uses those that are valid. Blocks. */
  List<Reread> readAgain();

  /** Returns the operators' view; usable from before the start until after the stop. */
  NodeView view();

  /** Where it listens for MQTT clients, once it has started, each as a URI with its real port. */
  List<String> listeners();
}
