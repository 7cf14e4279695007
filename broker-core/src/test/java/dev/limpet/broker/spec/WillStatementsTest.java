package dev.limpet.broker.spec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.broker.connection.codec.Packet.Publish;
import dev.limpet.broker.connection.codec.SubscribeRequest;
import dev.limpet.broker.mqtt.PayloadFormat;
import dev.limpet.broker.mqtt.ProtocolVersion;
import dev.limpet.broker.mqtt.PublicationProperties;
import dev.limpet.broker.mqtt.Qos;
import dev.limpet.broker.mqtt.RetainHandling;
import dev.limpet.broker.mqtt.UserProperty;
import dev.limpet.broker.mqtt.Will;
import dev.limpet.broker.topic.TopicName;
import dev.limpet.broker.wire.ConnectSpec;
import dev.limpet.broker.wire.RawClient;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Wills: section 3.1.2.5 of both specifications. {@code WillTest} has those that wait. */
class WillStatementsTest extends SharedBrokerFixture {
  private RawClient watcher;

  @BeforeEach
  void watch() {
    watcher = broker.connect(ConnectSpec.v5("watcher"));
    watcher.subscribe(
        0,
        new SubscribeRequest("will/#", Qos.EXACTLY_ONCE, false, false, RetainHandling.DO_NOT_SEND));
  }

  @AfterEach
  void leave() {
    watcher.close();
    broker.awaitConnections(0);
  }

  private static Will will(String payload, Qos qos, boolean retain, PublicationProperties more) {
    return new Will(
        TopicName.of(retain ? "will/retained" : "will/t"),
        Buffer.buffer(payload),
        qos,
        retain,
        0,
        Will.NO_EXPIRY,
        more);
  }

  private static ConnectSpec dying(ProtocolVersion version, Will will) {
    return ConnectSpec.of(version, "dying").will(will);
  }

  /** What is published now comes next: there was nothing before it. */
  private void noWill() {
    broker.awaitConnections(1);
    watcher.publish("will/end", "end", Qos.AT_MOST_ONCE);
    watcher.expectPublish("end");
  }

  @BothVersions
  @Spec(
      v3 = {"MQTT-3.1.2-8", "MQTT-3.1.2-9"},
      v5 = {"MQTT-3.1.2-7", "MQTT-3.1.2-8", "MQTT-3.1.2-9"})
  void a_will_is_kept_and_published_with_its_qos_when_the_connection_ends(ProtocolVersion version) {
    for (Qos qos : Qos.values()) {
      RawClient dying =
          broker.connect(dying(version, will("bye", qos, false, PublicationProperties.NONE)));
      dying.ping();
      watcher.ping(); // nothing while it is connected
      dying.close();
      Publish got = watcher.take("bye");
      assertThat(got.topic()).hasToString("will/t");
      assertThat(got.qos()).isEqualTo(qos);
    }
  }

  @BothVersions
  @Spec(v3 = "MQTT-3.1.2-10", v5 = "MQTT-3.1.2-10")
  void a_goodbye_or_its_publication_removes_a_will(ProtocolVersion version) {
    Will will = will("once", Qos.AT_LEAST_ONCE, false, PublicationProperties.NONE);
    broker.connect(dying(version, will)).disconnect();
    noWill();
    broker.connect(dying(version, will).durable()).close();
    watcher.take("once");
    broker.awaitConnections(1);
    broker.connect(ConnectSpec.of(version, "dying").durable()).close();
    noWill();
    broker.connect(ConnectSpec.of(version, "dying")).disconnect();
  }

  @BothVersions
  @Spec(v3 = "MQTT-3.1.2-12")
  void without_a_will_nothing_is_published(ProtocolVersion version) {
    broker.connect(ConnectSpec.of(version, "dying")).close();
    noWill();
  }

  @BothVersions
  @Spec(v3 = "MQTT-3.1.2-16", v5 = "MQTT-3.1.2-14")
  void a_will_without_retain_is_not_retained(ProtocolVersion version) {
    Will will = will("gone", Qos.AT_LEAST_ONCE, false, PublicationProperties.NONE);
    broker.connect(dying(version, will)).close();
    watcher.take("gone");
    try (RawClient later = broker.connect(ConnectSpec.of(version, "later"))) {
      later.subscribe("will/t", Qos.AT_LEAST_ONCE);
      later.ping();
    }
  }

  @BothVersions
  @Spec(v3 = "MQTT-3.1.2-17", v5 = "MQTT-3.1.2-15")
  void a_will_with_retain_is_retained(ProtocolVersion version) {
    Will will = will("stays", Qos.AT_LEAST_ONCE, true, PublicationProperties.NONE);
    broker.connect(dying(version, will)).close();
    watcher.take("stays");
    try (RawClient later = broker.connect(ConnectSpec.of(version, "later"))) {
      later.subscribe("will/retained", Qos.AT_LEAST_ONCE);
      assertThat(later.take("stays").retain()).isTrue();
    }
  }

  @Test
  @Spec(v5 = "MQTT-3.1.3-10")
  void user_properties_of_a_will_keep_their_order() {
    List<UserProperty> user =
        List.of(
            new UserProperty("z", "1"),
            new UserProperty("a", "2"),
            new UserProperty("z", "0"),
            new UserProperty("", ""));
    PublicationProperties properties =
        new PublicationProperties(PayloadFormat.BYTES, null, null, null, user);
    broker
        .connect(dying(ProtocolVersion.V5, will("bye", Qos.AT_LEAST_ONCE, false, properties)))
        .close();
    assertThat(watcher.take("bye").properties().userProperties()).isEqualTo(user);
  }
}
