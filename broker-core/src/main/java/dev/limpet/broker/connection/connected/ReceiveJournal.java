package dev.limpet.broker.connection.connected;

import dev.limpet.broker.connection.MqttConnection;
import dev.limpet.broker.connection.attachment.Attachment;
import dev.limpet.broker.mqtt.Publication;
import dev.limpet.broker.mqtt.ReasonCode;
import dev.limpet.broker.routing.Numbered;
import dev.limpet.broker.routing.Router;
import dev.limpet.broker.routing.ports.Routed;
import dev.limpet.broker.spi.store.SessionStore;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * Notes inbound QoS 2 publications of a durable session in the store before they are routed, so
 * that another node that takes the session over knows them; then routes them in the order they
 * came.
 *
 * <p>Confined to its lane. Bounded by the connection's Receive Maximum.
 */
final class ReceiveJournal {

  /** A publication that waits for its turn. */
  private static final class Waiting {
    private final Runnable route;
    private final Runnable giveUp;
    private boolean ready;

    Waiting(Runnable route, Runnable giveUp) {
      this.route = route;
      this.giveUp = giveUp;
    }
  }

  private final Router router;
  private final SessionStore sessions;
  private final Attachment attachment;
  private final MqttConnection connection;
  private final ArrayDeque<Waiting> waiting = new ArrayDeque<>(0);

  ReceiveJournal(
      Router router, SessionStore sessions, Attachment attachment, MqttConnection connection) {
    this.router = router;
    this.sessions = sessions;
    this.attachment = attachment;
    this.connection = connection;
  }

  /**
   * Notes and routes; a transient session has nothing to note.
   *
   * @param publication under the id of the number
   */
  void receive(int packetId, Publication publication, Numbered number, Consumer<Routed> onRouted) {
    Runnable route =
        () -> {
          try {
            onRouted.accept(router.route(attachment.lane(), publication));
          } finally {
            router.routed(number);
          }
        };
    if (!attachment.isDurable()) {
      route.run();
      return;
    }
    Waiting next = new Waiting(route, () -> router.routed(number));
    waiting.add(next);
    whenReady(sessions.receive(attachment.claim(), packetId, publication.id()), next, noted -> {});
  }

  /** Routes a publication an earlier connection noted to subscribers that may have missed it. */
  void again(Publication publication, Consumer<CompletableFuture<Void>> onRouted) {
    AtomicBoolean isRouted = new AtomicBoolean();
    Waiting next =
        new Waiting(
            () ->
                onRouted.accept(router.routeAgain(attachment.lane(), publication, isRouted.get())),
            () -> {});
    waiting.add(next);
    whenReady(router.isRouted(publication.id()), next, isRouted::set);
  }

  private <T> void whenReady(CompletionStage<T> stage, Waiting next, Consumer<T> with) {
    var unused =
        stage.whenCompleteAsync(
            (result, failure) -> {
              if (failure == null) {
                with.accept(result);
                next.ready = true;
                routeReady();
              } else {
                giveUp();
                connection.close(ReasonCode.SERVER_BUSY, "the session store refused");
              }
            },
            attachment.lane().soonest());
  }

  /** Also routes after the socket has closed: noted publications must be routed. */
  private void routeReady() {
    for (Waiting next = waiting.peek(); next != null && next.ready; next = waiting.peek()) {
      waiting.remove();
      next.route.run();
    }
  }

  /** None of those that wait is routed before its turn: the client sends them all again. */
  private void giveUp() {
    waiting.forEach(each -> each.giveUp.run());
    waiting.clear();
  }
}
