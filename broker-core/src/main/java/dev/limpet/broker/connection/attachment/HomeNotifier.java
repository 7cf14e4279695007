package dev.limpet.broker.connection.attachment;

import dev.limpet.broker.io.Lane;
import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.mqtt.NodeId;
import dev.limpet.broker.spi.ClusterUnavailableException;
import dev.limpet.broker.spi.Stages;
import dev.limpet.broker.spi.cluster.Cluster;
import dev.limpet.broker.spi.cluster.ClusterListener;
import dev.limpet.broker.spi.cluster.NotHomeException;
import dev.limpet.broker.spi.cluster.PeerGoneException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Asks the home of a durable session to read it again, and follows the home when it moves
 * meanwhile.
 *
 * <p>Thread-safe.
 */
public final class HomeNotifier {
  private static final int ATTEMPTS_MAX = 100;
  private static final long PAUSE_MILLIS = 100;

  private final Cluster cluster;
  private final ClusterListener here;

  /**
   * @param here does it when this node is the home
   */
  public HomeNotifier(Cluster cluster, ClusterListener here) {
    this.cluster = cluster;
    this.here = here;
  }

  /**
   * Has the session indexed at its home; done when all live peers have its routes.
   *
   * @param lane times the attempts
   */
  public CompletionStage<Void> index(ClientId clientId, Lane lane) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    attempt(clientId, lane, ATTEMPTS_MAX, done);
    return done;
  }

  private void attempt(ClientId clientId, Lane lane, int left, CompletableFuture<Void> done) {
    var unused =
        ask(clientId)
            .whenComplete(
                (nothing, failure) -> {
                  if (failure == null) {
                    done.complete(null);
                  } else if (!hasMoved(failure)) {
                    done.completeExceptionally(failure);
                  } else if (left == 1) {
                    done.completeExceptionally(
                        new ClusterUnavailableException("no home for " + clientId, failure));
                  } else {
                    lane.schedule(() -> attempt(clientId, lane, left - 1, done), PAUSE_MILLIS);
                  }
                });
  }

  private CompletionStage<Void> ask(ClientId clientId) {
    NodeId home = cluster.membership().homeOf(clientId);
    return home.equals(cluster.membership().self())
        ? here.onIndex(List.of(clientId))
        : cluster.peers().index(home, clientId);
  }

  private static boolean hasMoved(Throwable failure) {
    Throwable cause = Stages.cause(failure);
    return cause instanceof NotHomeException || cause instanceof PeerGoneException;
  }
}
