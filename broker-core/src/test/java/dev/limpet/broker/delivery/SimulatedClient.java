package dev.limpet.broker.delivery;

import dev.limpet.broker.mqtt.Delivery;
import dev.limpet.broker.mqtt.Qos;
import dev.limpet.broker.mqtt.ReasonCode;
import dev.limpet.broker.session.AcknowledgementKind;
import dev.limpet.broker.session.SessionOutput;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;

/** A client that follows the rules and notes when the server does not. Confined to its test. */
final class SimulatedClient implements SessionOutput {

  private record Answer(AcknowledgementKind kind, int packetId) {}

  final List<String> problems = new ArrayList<>();

  /** Payloads in the order in which each came first. */
  final List<Integer> accepted = new ArrayList<>();

  boolean writable = true;
  private final List<Answer> toSend = new ArrayList<>();
  private final Set<Integer> seen = new HashSet<>();

  /** QoS 2 packet ids that have come and are not released: kept across connections. */
  private final Set<Integer> held = new HashSet<>();

  private final Set<Integer> inUse = new HashSet<>();

  @Override
  public boolean isWritable() {
    return writable;
  }

  @Override
  public boolean publish(Delivery delivery, int packetId, boolean dup) {
    int payload = Integer.parseInt(delivery.publication().payload().toString());
    if (!writable) {
      problems.add(payload + " sent to a client that does not read");
    }
    if (!inUse.add(packetId)) {
      problems.add("packet id " + packetId + " is in use");
    }
    boolean first = seen.add(payload);
    if (delivery.qos() == Qos.EXACTLY_ONCE) {
      if (held.add(packetId) != first) {
        problems.add(payload + " at QoS 2 came again as new");
      }
      toSend.add(new Answer(AcknowledgementKind.PUBREC, packetId));
    } else {
      toSend.add(new Answer(AcknowledgementKind.PUBACK, packetId));
    }
    if (first) {
      accepted.add(payload);
    } else if (!dup) {
      problems.add(payload + " came again without DUP");
    }
    return true;
  }

  @Override
  public void acknowledge(AcknowledgementKind kind, int packetId, ReasonCode reason) {
    if (kind != AcknowledgementKind.PUBREL || reason != ReasonCode.SUCCESS) {
      problems.add(kind + " " + packetId + " " + reason);
    }
    held.remove(packetId);
    inUse.add(packetId);
    toSend.add(new Answer(AcknowledgementKind.PUBCOMP, packetId));
  }

  void reconnected() {
    toSend.clear();
    inUse.clear();
  }

  /** Sends one of the answers that are due; false when there is none. */
  boolean answerOne(InboxReader reader, Random random) {
    if (toSend.isEmpty()) {
      return false;
    }
    Answer answer = toSend.remove(random.nextInt(Math.min(5, toSend.size())));
    switch (answer.kind()) {
      case PUBACK -> {
        inUse.remove(answer.packetId());
        reader.puback(answer.packetId(), ReasonCode.SUCCESS);
      }
      case PUBREC -> reader.pubrec(answer.packetId(), ReasonCode.SUCCESS);
      case PUBCOMP -> {
        inUse.remove(answer.packetId());
        reader.pubcomp(answer.packetId());
      }
      case PUBREL -> throw new IllegalStateException("a client of QoS 2 sends no PUBREL here");
    }
    return true;
  }

  List<Integer> expected(int published) {
    return IntStream.range(0, published).boxed().toList();
  }
}
