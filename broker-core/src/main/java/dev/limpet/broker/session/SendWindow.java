package dev.limpet.broker.session;

import dev.limpet.broker.mqtt.Delivery;
import dev.limpet.broker.mqtt.Qos;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Tracks the deliveries at QoS 1 and 2 that a client has not acknowledged yet, by sequence. Holds
 * at most the client's Receive Maximum of them [MQTT-3.3.4-9], over a span in which packet ids are
 * unique.
 *
 * <p>Confined to its lane. A ring that grows with the span of the sequences it holds; of
 * publications it keeps only those that other members of a share group may get instead.
 */
public final class SendWindow {
  private static final byte FREE = 0;
  private static final byte SENT_QOS_1 = 1;
  private static final byte SENT_QOS_2 = 2;
  private static final byte RELEASED = 3;
  private static final int RING_MIN = 16;

  private final int receiveMaximum;
  private @Nullable Delivery[] deliveries = new Delivery[RING_MIN];
  private byte[] states = new byte[RING_MIN];
  private long oldest = 1;
  private long end = 1;
  private int count;

  /**
   * @param receiveMaximum 1 to 65,535 deliveries
   */
  public SendWindow(int receiveMaximum) {
    this.receiveMaximum = receiveMaximum;
  }

  /** How many deliveries wait for an acknowledgement. */
  public int size() {
    return count;
  }

  /** How many more may be sent now. */
  public int room() {
    return Math.max(0, receiveMaximum - count);
  }

  /** Whether the delivery with this sequence may be sent now. */
  public boolean admits(long sequence) {
    long span = Math.max(end, sequence + 1) - Math.min(oldest, sequence);
    return count < receiveMaximum && (count == 0 || span <= PacketIds.COUNT);
  }

  /**
   * Notes a delivery as sent.
   *
   * @param sequence one that {@link #admits} let through
   * @return the packet id it is sent with
   */
  public int sent(long sequence, Delivery delivery) {
    put(sequence, sentState(delivery.qos()), delivery.share() == null ? null : delivery);
    return PacketIds.of(sequence);
  }

  /** Notes a delivery of an earlier connection that waits for PUBCOMP; before any is sent. */
  public int resumeReleased(long sequence) {
    put(sequence, RELEASED, null);
    return PacketIds.of(sequence);
  }

  /**
   * PUBACK, or PUBREC with an error: the delivery is done.
   *
   * @return its sequence, or 0 when no delivery has this packet id
   * @throws WrongAcknowledgementException when one has and waits for something else
   */
  public long acknowledge(int packetId, Qos qos) {
    AcknowledgementKind kind =
        qos == Qos.EXACTLY_ONCE ? AcknowledgementKind.PUBREC : AcknowledgementKind.PUBACK;
    long sequence = awaiting(packetId, sentState(qos), kind);
    if (sequence != 0) {
      free(sequence);
    }
    return sequence;
  }

  /**
   * PUBREC: the client has it, the packet id stays taken until PUBCOMP.
   *
   * @return its sequence, or 0 when no delivery has this packet id or it had its PUBREC before
   * @throws WrongAcknowledgementException when it was sent at QoS 1
   */
  public long release(int packetId) {
    if (isReleased(packetId)) {
      return 0; // sent again by a client that did not get PUBREL
    }
    long sequence = awaiting(packetId, SENT_QOS_2, AcknowledgementKind.PUBREC);
    if (sequence != 0) {
      int slot = slot(sequence);
      states[slot] = RELEASED;
      deliveries[slot] = null;
    }
    return sequence;
  }

  /** Whether this packet id had its PUBREC and waits for PUBCOMP. */
  public boolean isReleased(int packetId) {
    return find(packetId, RELEASED) != 0;
  }

  /**
   * PUBCOMP: the packet id is free again.
   *
   * @return its sequence, or 0 when no delivery has this packet id
   * @throws WrongAcknowledgementException when one has and waits for something else
   */
  public long complete(int packetId) {
    long sequence = awaiting(packetId, RELEASED, AcknowledgementKind.PUBCOMP);
    if (sequence != 0) {
      free(sequence);
    }
    return sequence;
  }

  /** Visits, in order, sent deliveries of share groups without any answer yet. */
  void forEachShared(Consumer<Delivery> visitor) {
    for (long sequence = oldest; sequence < end; sequence++) {
      Delivery delivery = deliveries[slot(sequence)];
      if (delivery != null) {
        visitor.accept(delivery);
      }
    }
  }

  private static byte sentState(Qos qos) {
    return qos == Qos.EXACTLY_ONCE ? SENT_QOS_2 : SENT_QOS_1;
  }

  private long find(int packetId, byte state) {
    long sequence = PacketIds.sequenceOf(packetId, oldest);
    return sequence < end && states[slot(sequence)] == state ? sequence : 0;
  }

  /** The sequence that waits in this state; 0 when the packet id is not in use. */
  private long awaiting(int packetId, byte state, AcknowledgementKind kind) {
    long sequence = PacketIds.sequenceOf(packetId, oldest);
    byte found = sequence < end ? states[slot(sequence)] : FREE;
    if (found != FREE && found != state) {
      throw new WrongAcknowledgementException(kind, packetId, awaited(found));
    }
    return found == state ? sequence : 0;
  }

  private static String awaited(byte state) {
    return switch (state) {
      case SENT_QOS_1 -> "waits for PUBACK";
      case SENT_QOS_2 -> "waits for PUBREC";
      default -> "waits for PUBCOMP";
    };
  }

  private void put(long sequence, byte state, @Nullable Delivery delivery) {
    long first = count == 0 ? sequence : Math.min(oldest, sequence);
    long last = count == 0 ? sequence : Math.max(end - 1, sequence);
    grow(last - first + 1);
    oldest = first;
    end = last + 1;
    int slot = slot(sequence);
    if (states[slot] != FREE) {
      throw new IllegalStateException("sequence " + sequence + " is under way already");
    }
    states[slot] = state;
    deliveries[slot] = delivery;
    count++;
  }

  private void free(long sequence) {
    int slot = slot(sequence);
    states[slot] = FREE;
    deliveries[slot] = null;
    count--;
    while (oldest < end && states[slot(oldest)] == FREE) {
      oldest++;
    }
  }

  private int slot(long sequence) {
    return (int) (sequence & (states.length - 1));
  }

  private void grow(long span) {
    if (span <= states.length) {
      return;
    }
    int length = Integer.highestOneBit((int) span - 1) << 1;
    @Nullable Delivery[] oldDeliveries = deliveries;
    byte[] oldStates = states;
    deliveries = new Delivery[length];
    states = new byte[length];
    for (long s = oldest; s < end; s++) {
      int from = (int) (s & (oldStates.length - 1));
      states[slot(s)] = oldStates[from];
      deliveries[slot(s)] = oldDeliveries[from];
    }
  }
}
