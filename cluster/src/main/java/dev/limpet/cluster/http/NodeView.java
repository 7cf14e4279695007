package dev.limpet.cluster.http;

import dev.limpet.broker.mqtt.ClientId;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Answers operators' questions to a node. The composition root implements it.
 *
 * <p>Thread-safe; no method blocks. Stages complete on any thread; callers wait for a bounded time
 * only, so a stage that never completes does no harm. While the node is not in the cluster they
 * fail.
 */
public interface NodeView {

  /** Whether clients may come now, and if not, why. */
  Readiness readiness();

  /** All live nodes, this one among them, in the order of their names. */
  CompletionStage<List<NodeStatus>> nodes();

  /**
   * Part of the clients of the whole cluster, in the order of their ids.
   *
   * @param page from 1
   * @param size of a page, 1 to {@link ClientPage#SIZE_MAX}
   */
  CompletionStage<ClientPage> clients(int page, int size);

  /** All about one client; empty when the cluster knows neither a claim nor a session of it. */
  CompletionStage<Optional<ClientDetail>> client(ClientId clientId);

  /**
   * The name of the client's home: computed, whether or not the client exists. Empty while this
   * node is not in the cluster.
   */
  Optional<String> homeOf(ClientId clientId);
}
