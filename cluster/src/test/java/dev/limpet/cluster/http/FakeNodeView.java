package dev.limpet.cluster.http;

import dev.limpet.broker.mqtt.ClientId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/** A node that says what a test wants it to say. Thread-safe: volatile fields. */
public final class FakeNodeView implements NodeView {

  public volatile Readiness readiness = Readiness.READY;
  public volatile boolean joined = true;
  public final Map<ClientId, ClientDetail> clients = new ConcurrentHashMap<>();

  @Override
  public Readiness readiness() {
    return readiness;
  }

  @Override
  public CompletionStage<List<NodeStatus>> nodes() {
    return joined
        ? CompletableFuture.completedFuture(
            List.of(
                new NodeStatus(
                    "a",
                    readiness.state(),
                    "http://127.0.0.1:8081",
                    List.of("mqtt://127.0.0.1:1883?mode=sticky"),
                    7,
                    5,
                    271)))
        : CompletableFuture.failedFuture(new IllegalStateException("not joined"));
  }

  @Override
  public CompletionStage<ClientPage> clients(int page, int size) {
    return CompletableFuture.completedFuture(
        new ClientPage(
            page, size, 1, List.of(new ClientPage.Entry("s1", "a", page == 1 ? "b" : null, 9))));
  }

  @Override
  public CompletionStage<Optional<ClientDetail>> client(ClientId clientId) {
    return CompletableFuture.completedFuture(Optional.ofNullable(clients.get(clientId)));
  }

  @Override
  public Optional<String> homeOf(ClientId clientId) {
    return joined ? Optional.of("home-of-" + clientId) : Optional.empty();
  }
}
