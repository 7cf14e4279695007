package dev.limpet.broker.session;

import dev.limpet.broker.mqtt.Delivery;
import dev.limpet.broker.mqtt.Qos;
import dev.limpet.broker.mqtt.ReasonCode;
import java.util.ArrayList;
import java.util.List;

/**
 * Serves as the outbox of a session that ends with its connection: keeps deliveries in memory only.
 *
 * <p>Confined to its lane.
 */
public final class TransientOutbox implements Outbox {
  private final SendWindow window;
  private final SendQueue queue;
  private final SessionOutput output;
  private long nextSequence = 1;

  public TransientOutbox(SendWindow window, SendQueue queue, SessionOutput output) {
    this.window = window;
    this.queue = queue;
    this.output = output;
  }

  @Override
  public boolean deliver(Delivery delivery) {
    return sendAtOnce(delivery) || queue.offer(delivery);
  }

  @Override
  public boolean replay(Delivery delivery) {
    return sendAtOnce(delivery) || queue.offerReplayed(delivery);
  }

  private boolean sendAtOnce(Delivery delivery) {
    boolean now = queue.isEmpty() && maySend(delivery);
    if (now) {
      send(delivery);
    }
    return now;
  }

  @Override
  public void puback(int packetId, ReasonCode reason) {
    if (window.acknowledge(packetId, Qos.AT_LEAST_ONCE) != 0) {
      drain();
    }
  }

  @Override
  public void pubrec(int packetId, ReasonCode reason) {
    if (reason.isError()) {
      if (window.acknowledge(packetId, Qos.EXACTLY_ONCE) != 0) {
        drain();
      }
      return; // an error ends the delivery: no PUBREL follows [MQTT-4.3.3-4]
    }
    boolean known = window.release(packetId) != 0 || window.isReleased(packetId);
    output.acknowledge(
        AcknowledgementKind.PUBREL,
        packetId,
        known ? ReasonCode.SUCCESS : ReasonCode.PACKET_IDENTIFIER_NOT_FOUND);
  }

  @Override
  public void pubcomp(int packetId) {
    if (window.complete(packetId) != 0) {
      drain();
    }
  }

  @Override
  public void drain() {
    for (Delivery next = queue.peek(); next != null && maySend(next); next = queue.peek()) {
      queue.remove();
      send(next);
    }
  }

  @Override
  public List<Delivery> leftOfShares() {
    List<Delivery> left = new ArrayList<>();
    window.forEachShared(
        delivery -> {
          if (delivery.qos() == Qos.AT_LEAST_ONCE && delivery.share() != null) {
            left.add(delivery);
          }
        });
    left.addAll(queue.ofShares());
    return left;
  }

  @Override
  public void discard() {
    queue.close();
  }

  @Override
  public int queued() {
    return queue.size() + window.size();
  }

  private boolean maySend(Delivery delivery) {
    return output.isWritable() && (!delivery.qos().isAcknowledged() || window.admits(nextSequence));
  }

  private void send(Delivery delivery) {
    if (!delivery.qos().isAcknowledged()) {
      output.publish(delivery, 0, false);
    } else if (output.publish(delivery, PacketIds.of(nextSequence), false)) {
      window.sent(nextSequence++, delivery);
    }
  }
}
