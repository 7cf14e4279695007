package dev.limpet.cluster.sim;

import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.mqtt.Delivery;
import dev.limpet.broker.mqtt.NodeId;
import dev.limpet.broker.mqtt.Publication;
import dev.limpet.broker.mqtt.PublicationId;
import dev.limpet.broker.mqtt.PublicationProperties;
import dev.limpet.broker.mqtt.Qos;
import dev.limpet.broker.spi.durable.InboxLimits;
import dev.limpet.broker.spi.durable.StoredDelivery;
import dev.limpet.broker.spi.store.SessionImage;
import dev.limpet.broker.topic.TopicName;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** Brings publications into inboxes: holds, parks and tries again as the durable path does. */
final class SimPath {
  private static final int LOOK_MILLIS = 100;
  private static final int RETRY_MILLIS = 500;

  /** A publication that waits. */
  private record Waiting(Publication publication, CompletableFuture<Void> safe) {}

  private final SimNode node;
  private List<Waiting> held = new ArrayList<>();
  private List<Waiting> parked = new ArrayList<>();
  private boolean retrying;

  SimPath(SimNode node) {
    this.node = node;
  }

  Publication publication(PublicationId id, ClientId publisher, String topic, Sent sent) {
    return new Publication(
        id,
        publisher,
        TopicName.of(topic),
        Buffer.buffer(sent.payload()),
        Qos.of(sent.qos()),
        false,
        Publication.NEVER,
        PublicationProperties.NONE);
  }

  PublicationId nextId() {
    return new PublicationId(node.id.incarnation(), node.nextNumber());
  }

  /** Routes a publication of this node; done when it is safe. */
  CompletableFuture<Void> route(Publication publication) {
    if (held.isEmpty() && node.isConfirmed()) {
      return routeConfirmed(publication);
    }
    if (!node.isWithMajority()) {
      return CompletableFuture.failedFuture(new IllegalStateException("cut off"));
    }
    if (held.isEmpty()) {
      node.post(LOOK_MILLIS, this::look);
    }
    CompletableFuture<Void> safe = new CompletableFuture<>();
    held.add(new Waiting(publication, safe));
    return safe;
  }

  private void look() {
    boolean serving = node.isWithMajority();
    if (serving && !node.isConfirmed()) {
      node.post(LOOK_MILLIS, this::look);
      return;
    }
    List<Waiting> all = held;
    held = new ArrayList<>();
    for (Waiting each : all) {
      if (serving) {
        pass(routeConfirmed(each.publication()), each.safe());
      } else {
        each.safe().completeExceptionally(new IllegalStateException("cut off"));
      }
    }
  }

  private static void pass(CompletableFuture<Void> from, CompletableFuture<Void> to) {
    var unused =
        from.whenComplete(
            (nothing, failure) -> {
              if (failure == null) {
                to.complete(null);
              } else {
                to.completeExceptionally(failure);
              }
            });
  }

  private CompletableFuture<Void> routeConfirmed(Publication publication) {
    return mustWait(publication) ? park(publication) : append(publication);
  }

  private boolean mustWait(Publication publication) {
    return parked.stream()
            .anyMatch(each -> each.publication().publisher().equals(publication.publisher()))
        || !node.isConfirmed()
        || !node.routes.match(publication.topic().toString()).stream().allMatch(node::isLive);
  }

  private CompletableFuture<Void> append(Publication publication) {
    List<CompletableFuture<Void>> parts = new ArrayList<>();
    parts.add(appendHere(publication));
    Set<NodeId> homes = node.routes.match(publication.topic().toString());
    for (NodeId home : homes) {
      parts.add(appendAt(home, publication));
    }
    return CompletableFuture.allOf(parts.toArray(CompletableFuture[]::new));
  }

  private CompletableFuture<Void> appendAt(NodeId home, Publication publication) {
    CompletableFuture<Void> safe = new CompletableFuture<>();
    var unused =
        node.world
            .network
            .<Void>ask(node, home, to -> to.path.appendHere(publication))
            .whenComplete(
                (nothing, failure) -> {
                  if (failure == null) {
                    safe.complete(null);
                  } else {
                    pass(park(publication), safe);
                  }
                });
    return safe;
  }

  /** Appends to the inboxes at home here. */
  private CompletableFuture<Void> appendHere(Publication publication) {
    String topic = publication.topic().toString();
    long now = node.world.clock.nowMillis();
    StoredDelivery delivery =
        StoredDelivery.of(new Delivery(publication, publication.qos(), false, List.of()));
    List<CompletableFuture<Void>> parts = new ArrayList<>();
    for (SessionImage image : List.copyOf(node.home.index().values())) {
      if (SimHome.topics(image).contains(topic)) {
        ClientId id = image.clientId();
        parts.add(
            node.store
                .write(
                    id,
                    entry -> entry.write(cell -> cell.append(delivery, InboxLimits.DEFAULT, now)))
                .thenAccept(result -> hint(id)));
      }
    }
    return CompletableFuture.allOf(parts.toArray(CompletableFuture[]::new));
  }

  private void hint(ClientId id) {
    SessionImage image = node.home.index().get(id);
    NodeId host = image == null ? null : image.host();
    if (host != null) {
      node.home.wake(host, id);
    }
  }

  private CompletableFuture<Void> park(Publication publication) {
    CompletableFuture<Void> safe = new CompletableFuture<>();
    parked.add(new Waiting(publication, safe));
    retryLater();
    return safe;
  }

  private void retryLater() {
    if (!retrying) {
      retrying = true;
      node.post(
          RETRY_MILLIS,
          () -> {
            retrying = false;
            flush();
          });
    }
  }

  /** Routes parked publications again, in the old order. */
  void flush() {
    List<Waiting> all = parked;
    parked = new ArrayList<>();
    for (Waiting each : all) {
      if (mustWait(each.publication())) {
        parked.add(each);
      } else {
        pass(append(each.publication()), each.safe());
      }
    }
    if (!parked.isEmpty()) {
      retryLater();
    }
  }
}
