package dev.limpet.broker.connection;

import dev.limpet.broker.mqtt.Publication;
import dev.limpet.broker.mqtt.ReasonCode;
import dev.limpet.broker.routing.Numbered;
import dev.limpet.broker.routing.Routed;
import java.util.ArrayDeque;
import java.util.function.Consumer;

/**
 * Notes inbound QoS 2 publications of a durable session in the store before they are routed, so
 * that another node that takes the session over knows them; then routes them in the order they
 * came.
 *
 * <p>Confined to its lane. Bounded by the connection's Receive Maximum.
 */
final class ReceiveJournal {

  private static final class Noted {
    private final Publication publication;
    private final Numbered number;
    private final Consumer<Routed> onRouted;
    private boolean stored;

    Noted(Publication publication, Numbered number, Consumer<Routed> onRouted) {
      this.publication = publication;
      this.number = number;
      this.onRouted = onRouted;
    }
  }

  private final ConnectionPorts ports;
  private final Attachment attachment;
  private final MqttConnection connection;
  private final ArrayDeque<Noted> waiting = new ArrayDeque<>(0);

  ReceiveJournal(ConnectionPorts ports, Attachment attachment, MqttConnection connection) {
    this.ports = ports;
    this.attachment = attachment;
    this.connection = connection;
  }

  /**
   * Notes and routes; a transient session has nothing to note.
   *
   * @param publication under the id of the number
   */
  void receive(int packetId, Publication publication, Numbered number, Consumer<Routed> onRouted) {
    Noted noted = new Noted(publication, number, onRouted);
    if (!attachment.isDurable()) {
      route(noted);
      return;
    }
    waiting.add(noted);
    var unused =
        ports
            .routing()
            .sessions()
            .receive(attachment.claim(), packetId, publication.id())
            .whenCompleteAsync(
                (nothing, failure) -> {
                  if (failure == null) {
                    noted.stored = true;
                    routeStored();
                  } else {
                    giveUp();
                    connection.close(ReasonCode.SERVER_BUSY, "the session store refused");
                  }
                },
                attachment.lane());
  }

  /** Routes also after the socket closed: what is noted must be routed. */
  private void routeStored() {
    for (Noted next = waiting.peek(); next != null && next.stored; next = waiting.peek()) {
      waiting.remove();
      route(next);
    }
  }

  private void route(Noted noted) {
    try {
      noted.onRouted.accept(ports.router().route(attachment.lane(), noted.publication));
    } finally {
      ports.router().routed(noted.number);
    }
  }

  /** None of those that wait is routed before its turn: the client sends them all again. */
  private void giveUp() {
    waiting.forEach(each -> ports.router().routed(each.number));
    waiting.clear();
  }
}
