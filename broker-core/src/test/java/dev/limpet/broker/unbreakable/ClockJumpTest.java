package dev.limpet.broker.unbreakable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.limpet.broker.TestBroker;
import dev.limpet.broker.connection.codec.Packet.Publish;
import dev.limpet.broker.connection.codec.PacketType;
import dev.limpet.broker.connection.codec.PublishFlags;
import dev.limpet.broker.mqtt.ProtocolVersion;
import dev.limpet.broker.mqtt.PublicationProperties;
import dev.limpet.broker.mqtt.Qos;
import dev.limpet.broker.mqtt.ReasonCode;
import dev.limpet.broker.topic.TopicName;
import dev.limpet.broker.wire.ConnectSpec;
import dev.limpet.broker.wire.RawClient;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The wall clock is set, by years, while clients are connected or away. */
class ClockJumpTest {
  private static final long YEARS = 10L * 365 * 86_400;
  private static final long LONGEST_EXPIRY = 0xFFFF_FFFFL;

  private TestBroker broker;
  private Bystanders bystanders;

  @BeforeEach
  void start() {
    broker = TestBroker.start();
    bystanders = new Bystanders(broker.port());
  }

  @AfterEach
  void everybody_else_was_served() {
    bystanders.close();
    broker.close();
  }

  @ParameterizedTest
  @ValueSource(longs = {YEARS, -YEARS})
  void connections_and_takeovers_do_not_mind(long seconds) {
    ConnectSpec spec = ConnectSpec.v5("c").durable().keepAlive(60);
    try (RawClient older = broker.connect(spec)) {
      older.subscribe("t", Qos.AT_LEAST_ONCE);
      broker.clock.advanceSeconds(seconds);
      bystanders.awaitServed(10);
      older.publish("t", "first");
      older.take("first");
      older.ping(); // acknowledged before another lane hears of the newer one
      try (RawClient newer = RawClient.open(broker.port(), ProtocolVersion.V5)) {
        assertThat(newer.connect(spec).sessionPresent()).isTrue();
        older.expectDisconnect(ReasonCode.SESSION_TAKEN_OVER);
        newer.publish("t", "second");
        newer.take("second");
      }
    }
  }

  @Test
  void a_jump_forwards_ends_sessions_and_publishes_their_wills() {
    try (RawClient heir = broker.connect(ConnectSpec.v5("heir"))) {
      heir.subscribe("will", Qos.AT_LEAST_ONCE);
      leave("away");
      broker.clock.advanceSeconds(YEARS);
      heir.take("the will");
      await().until(() -> !broker.isKnown("away"));
      assertThat(broker.gauge("limpet.sessions.expiring")).isZero();
    }
  }

  @Test
  void a_jump_backwards_ends_no_session_before_its_time() {
    try (RawClient heir = broker.connect(ConnectSpec.v5("heir"))) {
      heir.subscribe("will", Qos.AT_LEAST_ONCE);
      leave("away");
      broker.clock.advanceSeconds(-YEARS);
      bystanders.awaitServed(50);
      assertThat(broker.isKnown("away")).isTrue();
      try (RawClient back = RawClient.open(broker.port(), ProtocolVersion.V5)) {
        assertThat(back.connect(ConnectSpec.v5("away").durable()).sessionPresent()).isTrue();
        back.disconnect();
      }
      heir.ping(); // and no will
    }
  }

  /** Leaves a session for an hour, with a will. */
  private void leave(String id) {
    ConnectSpec spec = ConnectSpec.v5(id).durable().will("will", "the will", 3_600);
    try (RawClient client = broker.connect(spec)) {
      client.subscribe("t", Qos.AT_LEAST_ONCE);
    }
    broker.awaitConnections(bystanders.count() + 1);
    await().until(() -> broker.gauge("limpet.wills.waiting") == 1);
  }

  @Test
  void a_jump_forwards_ends_the_life_of_messages() {
    subscribeAndLeave();
    try (RawClient publisher = broker.connect(ConnectSpec.v5("publisher"))) {
      publish(publisher, "short", 60);
      publish(publisher, "long", LONGEST_EXPIRY);
      broker.clock.advanceSeconds(YEARS);
      try (RawClient back =
          broker.connect(ConnectSpec.v5("away").expiry(LONGEST_EXPIRY).cleanStart(false))) {
        back.take("long");
        back.ping();
      }
      assertThat(broker.count("limpet.deliveries.expired")).isEqualTo(1);
    }
  }

  @Test
  void a_jump_backwards_makes_no_life_longer_than_can_be_said() {
    subscribeAndLeave();
    try (RawClient publisher = broker.connect(ConnectSpec.v5("publisher"))) {
      publish(publisher, "short", 60);
      publish(publisher, "long", LONGEST_EXPIRY);
      broker.clock.advanceSeconds(-YEARS);
      try (RawClient back =
          broker.connect(ConnectSpec.v5("away").expiry(LONGEST_EXPIRY).cleanStart(false))) {
        List<Publish> got = back.takeAll(2);
        assertThat(got.get(0).messageExpirySeconds()).isBetween(60L, LONGEST_EXPIRY);
        assertThat(got.get(1).messageExpirySeconds()).isEqualTo(LONGEST_EXPIRY);
      }
    }
  }

  private void subscribeAndLeave() {
    ConnectSpec spec = ConnectSpec.v5("away").expiry(LONGEST_EXPIRY).cleanStart(false);
    try (RawClient client = broker.connect(spec)) {
      client.subscribe("t", Qos.AT_LEAST_ONCE);
      client.disconnect();
    }
  }

  private static void publish(RawClient client, String payload, long expirySeconds) {
    int packetId = client.nextPacketId();
    client.send(
        new Publish(
            TopicName.of("t"),
            0,
            Buffer.buffer(payload),
            PublishFlags.of(Qos.AT_LEAST_ONCE, false, false),
            packetId,
            expirySeconds,
            PublicationProperties.NONE,
            List.of()));
    client.expectAck(PacketType.PUBACK, packetId);
  }
}
