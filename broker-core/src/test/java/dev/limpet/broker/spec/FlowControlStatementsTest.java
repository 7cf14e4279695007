package dev.limpet.broker.spec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.broker.connection.codec.Packet.Publish;
import dev.limpet.broker.connection.codec.Packet.Unsuback;
import dev.limpet.broker.connection.codec.Packet.Unsubscribe;
import dev.limpet.broker.connection.codec.PacketType;
import dev.limpet.broker.mqtt.Qos;
import dev.limpet.broker.mqtt.ReasonCode;
import dev.limpet.broker.wire.ConnectSpec;
import dev.limpet.broker.wire.RawClient;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Flow control: section 4.9 of MQTT 5.0. */
class FlowControlStatementsTest extends PublisherFixture {
  private static final int MESSAGES = 12;

  private static ConnectSpec spec(boolean durable, int receiveMaximum) {
    ConnectSpec spec = ConnectSpec.v5("client " + durable).receiveMaximum(receiveMaximum);
    return durable ? spec.durable() : spec;
  }

  /** By turns at QoS 1 and 2. */
  private void publish(String topic) {
    for (int i = 0; i < MESSAGES; i++) {
      publisher.publish(topic, "m" + i, i % 2 == 0 ? Qos.AT_LEAST_ONCE : Qos.EXACTLY_ONCE);
    }
  }

  @ParameterizedTest
  @CsvSource({"false, 1", "false, 2", "false, 11", "true, 1", "true, 2", "true, 11"})
  @Spec(v5 = {"MQTT-4.9.0-1", "MQTT-4.9.0-2"})
  void as_many_as_the_receive_maximum_are_sent_and_then_one_for_each_that_is_done(
      boolean durable, int receiveMaximum) {
    try (RawClient client = broker.connect(spec(durable, receiveMaximum))) {
      client.subscribe("quota", Qos.EXACTLY_ONCE);
      publish("quota");
      Publish[] sent = new Publish[MESSAGES];
      for (int i = 0; i < receiveMaximum; i++) {
        sent[i] = client.expectPublish("m" + i);
      }
      for (int i = 0; i < MESSAGES; i++) {
        client.ping(); // and no further PUBLISH
        int packetId = sent[i].packetId();
        if (i % 2 == 0) {
          client.ack(PacketType.PUBACK, packetId);
        } else {
          client.ack(PacketType.PUBREC, packetId).expectAck(PacketType.PUBREL, packetId);
          client.ping(); // a PUBREC leaves the quota as it is
          client.ack(PacketType.PUBCOMP, packetId);
        }
        if (i + receiveMaximum < MESSAGES) {
          sent[i + receiveMaximum] = client.expectPublish("m" + (i + receiveMaximum));
        }
      }
      client.ping();
      client.disconnect();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  @Spec(v5 = "MQTT-4.9.0-3")
  void all_other_packets_are_handled_while_the_quota_is_zero(boolean durable) {
    try (RawClient client = broker.connect(spec(durable, 1))) {
      client.subscribe("full", Qos.EXACTLY_ONCE);
      publisher.publish("full", "held");
      publisher.publish("full", "waiting");
      Publish held = client.expectPublish("held");
      client.ping();
      assertThat(client.subscribe("full/other", Qos.AT_MOST_ONCE))
          .containsExactly(ReasonCode.SUCCESS);
      client.publish("somewhere", "x", Qos.AT_LEAST_ONCE);
      client.publish("somewhere", "x", Qos.EXACTLY_ONCE);
      client.send(new Unsubscribe(77, List.of("full/other"), List.of()));
      assertThat(client.expect(Unsuback.class).packetId()).isEqualTo(77);
      client.ack(PacketType.PUBACK, held.packetId());
      client.take("waiting");
      client.disconnect();
    }
  }

  @Test
  @Spec(v5 = {"MQTT-4.9.0-1", "MQTT-4.9.0-2"})
  void a_resumed_session_resends_no_more_than_the_new_receive_maximum() {
    try (RawClient client = broker.connect(spec(true, 5))) {
      client.subscribe("resumed", Qos.AT_LEAST_ONCE);
      publish("resumed");
      for (int i = 0; i < 5; i++) {
        client.expectPublish("m" + i);
      }
    }
    broker.awaitConnections(1);
    try (RawClient back = broker.connect(spec(true, 2))) {
      Publish first = back.expectPublish("m0");
      Publish second = back.expectPublish("m1");
      back.ping();
      back.ack(PacketType.PUBACK, first.packetId());
      Publish third = back.expectPublish("m2");
      assertThat(third.dup()).isTrue();
      back.ping();
      back.ack(PacketType.PUBACK, second.packetId());
      back.ack(PacketType.PUBACK, third.packetId());
      assertThat(back.take(MESSAGES - 3)).startsWith("m3", "m4", "m5").endsWith("m11");
      back.ping();
      back.disconnect();
    }
  }
}
