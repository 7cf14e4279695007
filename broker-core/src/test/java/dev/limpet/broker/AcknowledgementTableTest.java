package dev.limpet.broker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.broker.connection.codec.Packet;
import dev.limpet.broker.connection.codec.Packet.Acknowledgement;
import dev.limpet.broker.connection.codec.Packet.Disconnect;
import dev.limpet.broker.connection.codec.Packet.Pingreq;
import dev.limpet.broker.connection.codec.Packet.Pingresp;
import dev.limpet.broker.connection.codec.PacketType;
import dev.limpet.broker.mqtt.ProtocolVersion;
import dev.limpet.broker.mqtt.Qos;
import dev.limpet.broker.mqtt.ReasonCode;
import dev.limpet.broker.spi.GatedStore;
import dev.limpet.broker.wire.ConnectSpec;
import dev.limpet.broker.wire.RawClient;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Issue 7, item 14. The kind: each of the four acknowledgements against each state of a delivery,
 * in both directions. One that fits is taken; one for a packet id nobody uses is answered as the
 * specification says, or means nothing; one of another kind than the packet id waits for is a
 * protocol error. What a client may send again after a reconnect stays allowed.
 */
class AcknowledgementTableTest {
  private static final ReasonCode REFUSAL = ReasonCode.IMPLEMENTATION_SPECIFIC_ERROR;
  private static TestBroker broker;
  private static GatedStore store;

  @BeforeAll
  static void start() {
    broker =
        new TestBroker.Setup()
            .sessions(
                inner -> {
                  store = new GatedStore(inner);
                  return store;
                })
            .start();
  }

  @AfterAll
  static void stop() {
    broker.close();
  }

  /** What a delivery of packet id 1 waits for when the acknowledgement comes. */
  enum Outbound {
    NOTHING,
    PUBACK,
    PUBREC,
    PUBCOMP
  }

  @ParameterizedTest
  @CsvSource({
    "NOTHING, PUBACK, 0, silence",
    "NOTHING, PUBREC, 0, PUBREL 92",
    "NOTHING, PUBREC, 1, silence",
    "NOTHING, PUBCOMP, 0, silence",
    "PUBACK, PUBACK, 0, silence",
    "PUBACK, PUBACK, 1, silence",
    "PUBACK, PUBREC, 0, end",
    "PUBACK, PUBREC, 1, end",
    "PUBACK, PUBCOMP, 0, end",
    "PUBREC, PUBACK, 0, end",
    "PUBREC, PUBACK, 1, end",
    "PUBREC, PUBREC, 0, PUBREL 00",
    "PUBREC, PUBREC, 1, silence",
    "PUBREC, PUBCOMP, 0, end",
    "PUBCOMP, PUBACK, 0, end",
    "PUBCOMP, PUBREC, 0, PUBREL 00",
    "PUBCOMP, PUBREC, 1, end",
    "PUBCOMP, PUBCOMP, 0, silence"
  })
  void from_a_subscriber(Outbound waits, PacketType sent, int refuses, String outcome) {
    for (ProtocolVersion version : ProtocolVersion.values()) {
      if (refuses == 1 && !version.isV5()) {
        continue; // refusals are of v5
      }
      for (boolean durable : new boolean[] {false, true}) {
        ConnectSpec spec = ConnectSpec.of(version, "subscriber");
        try (RawClient client = broker.connect(durable ? spec.durable() : spec)) {
          int packetId = bringTo(client, waits);
          client.send(
              Acknowledgement.of(sent, packetId, refuses == 1 ? REFUSAL : ReasonCode.SUCCESS));
          assertThat(outcome(client, outcome))
              .as("%s %s", version, durable)
              .isEqualTo(in(version, outcome));
        }
        forget();
      }
    }
  }

  /** A session of that name is gone, whatever became of its connection. */
  private static void forget() {
    broker.awaitConnections(0);
    broker.connect(ConnectSpec.v5("subscriber")).disconnect();
    broker.awaitConnections(0);
  }

  private static int bringTo(RawClient client, Outbound waits) {
    if (waits == Outbound.NOTHING) {
      return 9;
    }
    Qos qos = waits == Outbound.PUBACK ? Qos.AT_LEAST_ONCE : Qos.EXACTLY_ONCE;
    client.subscribe("table", qos);
    try (RawClient publisher = broker.connect(ConnectSpec.v5("publisher"))) {
      publisher.publish("table", "m", qos);
      publisher.disconnect();
    }
    int packetId = client.expectPublish("m").packetId();
    if (waits == Outbound.PUBCOMP) {
      client.ack(PacketType.PUBREC, packetId).expectAck(PacketType.PUBREL, packetId);
    }
    return packetId;
  }

  /** What a publication of packet id 7 waits for when PUBREL comes. */
  @ParameterizedTest
  @CsvSource({
    "nothing, PUBCOMP 92",
    "PUBACK, end",
    "PUBREC, PUBREC and PUBCOMP",
    "PUBREL, PUBCOMP 00"
  })
  void a_release_from_a_publisher(String waits, String outcome) {
    for (ProtocolVersion version : ProtocolVersion.values()) {
      try (RawClient listener = broker.connect(ConnectSpec.v5("subscriber").durable());
          RawClient client = broker.connect(ConnectSpec.of(version, "publisher"))) {
        listener.subscribe("in", Qos.EXACTLY_ONCE);
        CompletableFuture<Void> gate = store.hold("append");
        if (waits.equals("PUBREL") || waits.equals("nothing")) {
          open(gate);
        }
        if (!waits.equals("nothing")) {
          Qos qos = waits.equals("PUBACK") ? Qos.AT_LEAST_ONCE : Qos.EXACTLY_ONCE;
          client.send(RawClient.publish("in", "m", qos, 7));
        }
        if (waits.equals("PUBREL")) {
          client.expectAck(PacketType.PUBREC, 7);
        }
        client.ack(PacketType.PUBREL, 7);
        if (waits.equals("PUBREC")) {
          client.ping(); // early, so it waits behind PUBREC
          open(gate);
          client.expectAck(PacketType.PUBREC, 7);
          client.expectAck(PacketType.PUBCOMP, 7);
        } else {
          assertThat(outcome(client, outcome))
              .as(version.toString())
              .isEqualTo(in(version, outcome));
        }
        open(gate);
      }
      forget();
    }
  }

  private static void open(CompletableFuture<Void> gate) {
    store.release("append");
    gate.complete(null);
  }

  @Test
  void an_acknowledgement_sent_again_after_a_reconnect_is_no_error() {
    ConnectSpec spec = ConnectSpec.v5("subscriber").durable();
    int first;
    try (RawClient client = broker.connect(spec)) {
      first = bringTo(client, Outbound.PUBREC);
      client.ack(PacketType.PUBREC, first).expectAck(PacketType.PUBREL, first);
    }
    broker.awaitConnections(0);
    try (RawClient client = broker.connect(spec)) {
      client.ack(PacketType.PUBREC, first); // it did not get PUBREL
      client.expectAck(PacketType.PUBREL, first);
      client.expectAck(PacketType.PUBREL, first);
      client.ack(PacketType.PUBCOMP, first).ack(PacketType.PUBCOMP, first).ping();
    }
    forget();
  }

  /** Before v5 acknowledgements have no reason code. */
  private static String in(ProtocolVersion version, String outcome) {
    return version.isV5() ? outcome : outcome.replace(" 92", " 00");
  }

  /** What came of the last packet: a word and its reason code, silence, or the end. */
  private static String outcome(RawClient client, String expected) {
    try {
      client.send(Pingreq.INSTANCE);
    } catch (UncheckedIOException e) {
      return "end"; // of a 3.x connection, which is closed without a word
    }
    Packet answer = client.nextOrEnd();
    if (answer == Pingresp.INSTANCE && !expected.equals("silence")) {
      answer = client.nextOrEnd(); // what has to be stored first comes later
    }
    if (answer instanceof Disconnect goodbye) {
      assertThat(goodbye.reason()).isEqualTo(ReasonCode.PROTOCOL_ERROR);
      client.expectEnd();
      return "end";
    }
    if (answer instanceof Acknowledgement ack) {
      String reason = "%02X".formatted(ack.reason().code());
      return ack.type() + " " + reason;
    }
    return answer == null ? "end" : "silence";
  }
}
