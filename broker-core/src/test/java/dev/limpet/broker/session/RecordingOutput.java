package dev.limpet.broker.session;

import dev.limpet.broker.mqtt.Delivery;
import dev.limpet.broker.mqtt.ReasonCode;
import java.util.ArrayList;
import java.util.List;

/** A connection that remembers what it was to send, as text. Confined to its user. */
public final class RecordingOutput implements SessionOutput {
  /** One line for each packet. */
  public final List<String> sent = new ArrayList<>();

  /** Whether the client reads. */
  public boolean writable = true;

  /** Payloads longer than this can never be sent. */
  public int payloadBytesMax = Integer.MAX_VALUE;

  @Override
  public boolean isWritable() {
    return writable;
  }

  @Override
  public boolean publish(Delivery delivery, int packetId, boolean dup) {
    if (delivery.publication().payload().length() > payloadBytesMax) {
      return false;
    }
    sent.add("PUBLISH " + packetId + " " + delivery.publication().payload() + (dup ? " dup" : ""));
    return true;
  }

  @Override
  public void acknowledge(AcknowledgementKind kind, int packetId, ReasonCode reason) {
    sent.add(kind + " " + packetId + (reason == ReasonCode.SUCCESS ? "" : " " + reason));
  }

  /** What was sent since the last call. */
  public List<String> take() {
    List<String> taken = List.copyOf(sent);
    sent.clear();
    return taken;
  }
}
