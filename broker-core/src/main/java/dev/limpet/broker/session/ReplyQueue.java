package dev.limpet.broker.session;

import dev.limpet.broker.mqtt.ReasonCode;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Parks acknowledgements to a publisher until their promise holds, and sends them in the order of
 * the packets they answer [MQTT-4.6.0-2], [MQTT-4.6.0-3]. Its size is the number of publications in
 * flight, so its connection stops reading at a bound.
 *
 * <p>Confined to its lane.
 */
public final class ReplyQueue {

  /** An acknowledgement that waits. */
  public static final class Reply {
    private final AcknowledgementKind kind;
    private final int packetId;
    private @Nullable ReasonCode reason;

    private Reply(AcknowledgementKind kind, int packetId) {
      this.kind = kind;
      this.packetId = packetId;
    }

    public AcknowledgementKind kind() {
      return kind;
    }

    public int packetId() {
      return packetId;
    }
  }

  private final ArrayDeque<Reply> waiting = new ArrayDeque<>(4);
  private final SessionOutput output;

  public ReplyQueue(SessionOutput output) {
    this.output = output;
  }

  /** Takes the next place in the order. */
  public Reply reserve(AcknowledgementKind kind, int packetId) {
    Reply reply = new Reply(kind, packetId);
    waiting.add(reply);
    return reply;
  }

  /**
   * The promise of a reply holds (or fails, with an error): sends the completed replies at the
   * head.
   */
  public void complete(Reply reply, ReasonCode reason) {
    reply.reason = reason;
    for (Reply next = waiting.peek(); next != null && next.reason != null; next = waiting.peek()) {
      waiting.remove();
      output.acknowledge(next.kind, next.packetId, next.reason);
    }
  }

  /** Reserves and completes in one. */
  public void replyNow(AcknowledgementKind kind, int packetId, ReasonCode reason) {
    if (waiting.isEmpty()) {
      output.acknowledge(kind, packetId, reason);
    } else {
      complete(reserve(kind, packetId), reason);
    }
  }

  /**
   * PUBREL of a packet id no QoS 2 publication has.
   *
   * @throws WrongAcknowledgementException when a QoS 1 publication in flight has it
   */
  public void requireNoPuback(int packetId) {
    for (Reply each : waiting) {
      if (each.kind == AcknowledgementKind.PUBACK && each.packetId == packetId) {
        throw new WrongAcknowledgementException(
            AcknowledgementKind.PUBREL, packetId, "awaits PUBACK");
      }
    }
  }

  public int size() {
    return waiting.size();
  }
}
