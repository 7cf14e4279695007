package dev.limpet.broker.spec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.broker.TestBroker;
import dev.limpet.broker.connection.codec.Packet.Acknowledgement;
import dev.limpet.broker.connection.codec.Packet.Publish;
import dev.limpet.broker.connection.codec.PacketType;
import dev.limpet.broker.mqtt.ProtocolVersion;
import dev.limpet.broker.mqtt.Qos;
import dev.limpet.broker.wire.ConnectSpec;
import dev.limpet.broker.wire.RawClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** The RETAIN flag: section 3.3.1.3 of both specifications. */
class RetainStatementsTest {
  private static final String TOPIC = "r/t";
  private TestBroker broker;

  @BeforeEach
  void start() {
    broker = TestBroker.start();
  }

  @AfterEach
  void stop() {
    broker.close();
  }

  private RawClient publisher(ProtocolVersion version) {
    return broker.connect(ConnectSpec.of(version, "publisher"));
  }

  private static void retain(RawClient publisher, String payload) {
    publisher
        .send(RawClient.publish(TOPIC, payload, Qos.AT_LEAST_ONCE, 9, true))
        .expectAck(PacketType.PUBACK, 9);
  }

  /** What a new subscription gets first: something retained, or else the mark. */
  private Publish firstOfNewSubscription(ProtocolVersion version) {
    try (RawClient subscriber = broker.connect(ConnectSpec.of(version, "new"))) {
      subscriber.subscribe("r/#", Qos.EXACTLY_ONCE);
      subscriber.send(RawClient.publish("r/mark", "mark", Qos.AT_MOST_ONCE, 0));
      return subscriber.takeAll(1).get(0);
    }
  }

  private static String payload(Publish publish) {
    return publish.payload().toString();
  }

  @BothVersions
  @Spec(
      v3 = {"MQTT-3.3.1-5", "MQTT-3.3.1-6", "MQTT-3.3.1-8"},
      v5 = "MQTT-3.3.1-5")
  void the_last_one_is_kept_with_its_qos_for_new_subscriptions(ProtocolVersion version) {
    try (RawClient publisher = publisher(version)) {
      for (Qos qos : Qos.values()) {
        publisher.send(RawClient.publish(TOPIC, "at " + qos, qos, qos.level(), true));
        if (qos.isAcknowledged()) {
          publisher.expect(Acknowledgement.class);
        }
        publisher.ping();
        Publish first = firstOfNewSubscription(version);
        assertThat(payload(first)).isEqualTo("at " + qos);
        assertThat(first.qos()).isEqualTo(qos);
        assertThat(first.retain()).isTrue();
      }
    }
  }

  @BothVersions
  @Spec(v3 = "MQTT-3.3.1-7", v5 = "MQTT-3.3.1-5")
  void a_retained_message_at_qos_0_takes_the_place_of_the_one_before(ProtocolVersion version) {
    try (RawClient publisher = publisher(version)) {
      retain(publisher, "before");
      publisher.send(RawClient.publish(TOPIC, "after", Qos.AT_MOST_ONCE, 0, true));
      publisher.ping();
      assertThat(payload(firstOfNewSubscription(version))).isEqualTo("after");
    }
  }

  @BothVersions
  @Spec(v3 = "MQTT-3.3.1-9", v5 = "MQTT-3.3.1-12")
  void a_subscription_that_was_there_gets_no_flag(ProtocolVersion version) {
    try (RawClient publisher = publisher(version);
        RawClient subscriber = broker.connect(ConnectSpec.of(version, "subscriber"))) {
      subscriber.subscribe(TOPIC, Qos.AT_LEAST_ONCE);
      retain(publisher, "flagged");
      assertThat(subscriber.take("flagged").retain()).isFalse();
    }
  }

  @BothVersions
  @Spec(
      v3 = {"MQTT-3.3.1-10", "MQTT-3.3.1-11"},
      v5 = {"MQTT-3.3.1-6", "MQTT-3.3.1-7"})
  void an_empty_one_is_delivered_and_removes_what_was_kept(ProtocolVersion version) {
    try (RawClient publisher = publisher(version);
        RawClient subscriber = broker.connect(ConnectSpec.of(version, "subscriber"))) {
      retain(publisher, "kept");
      assertThat(payload(firstOfNewSubscription(version))).isEqualTo("kept");
      subscriber.subscribe(TOPIC, Qos.AT_LEAST_ONCE);
      subscriber.take("kept");
      retain(publisher, "");
      subscriber.take("");
      assertThat(payload(firstOfNewSubscription(version))).isEqualTo("mark");
      retain(publisher, "");
      assertThat(payload(firstOfNewSubscription(version))).isEqualTo("mark");
    }
  }

  @BothVersions
  @Spec(v3 = "MQTT-3.3.1-12", v5 = "MQTT-3.3.1-8")
  void a_message_without_the_flag_changes_nothing_that_is_kept(ProtocolVersion version) {
    try (RawClient publisher = publisher(version)) {
      publisher.publish(TOPIC, "passing");
      assertThat(payload(firstOfNewSubscription(version))).isEqualTo("mark");
      retain(publisher, "kept");
      publisher.publish(TOPIC, "passing");
      publisher.publish(TOPIC, "");
      assertThat(payload(firstOfNewSubscription(version))).isEqualTo("kept");
    }
  }
}
