package dev.limpet.broker;

import static dev.limpet.broker.wire.Formatted.publish;
import static dev.limpet.broker.wire.Formatted.will;
import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.broker.connection.codec.PacketType;
import dev.limpet.broker.mqtt.PayloadFormat;
import dev.limpet.broker.mqtt.Qos;
import dev.limpet.broker.spec.Spec;
import dev.limpet.broker.wire.ConnectSpec;
import dev.limpet.broker.wire.RawClient;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Issue 7, item 5. The kind: a property whose value is the default of its meaning still travels,
 * since "said so" and "said nothing" differ. Whatever way a message takes, its subscribers see what
 * its publisher sent.
 */
class PayloadFormatTest extends FreshBrokerFixture {
  @ParameterizedTest
  @EnumSource
  @Spec(v5 = "MQTT-3.3.2-4")
  void a_subscriber_that_is_there_sees_what_was_sent(PayloadFormat format) {
    try (RawClient subscriber = broker.connect(ConnectSpec.v5("live"));
        RawClient publisher = broker.connect(ConnectSpec.v5("publisher"))) {
      subscriber.subscribe("live/#", Qos.EXACTLY_ONCE);
      for (Qos qos : Qos.values()) {
        publisher.send(publish("live/x", format, qos, false, 1 + qos.level()));
        assertFormat(subscriber, format);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  @Spec(v5 = "MQTT-3.3.2-4")
  void one_that_was_away_sees_it_when_it_is_back(PayloadFormat format) {
    ConnectSpec durable = ConnectSpec.v5("durable").durable();
    try (RawClient subscriber = broker.connect(durable);
        RawClient publisher = broker.connect(ConnectSpec.v5("publisher"))) {
      subscriber.subscribe("inbox/#", Qos.AT_LEAST_ONCE);
      broker.leave(subscriber);
      publisher.send(publish("inbox/x", format, Qos.AT_LEAST_ONCE, false, 1));
      publisher.expectAck(PacketType.PUBACK, 1);
    }
    try (RawClient subscriber = broker.connect(durable)) {
      assertFormat(subscriber, format);
    }
  }

  @ParameterizedTest
  @EnumSource
  @Spec(v5 = "MQTT-3.3.2-4")
  void one_that_comes_later_sees_it_with_the_retained_message(PayloadFormat format) {
    try (RawClient publisher = broker.connect(ConnectSpec.v5("publisher"));
        RawClient late = broker.connect(ConnectSpec.v5("late"));
        RawClient durable = broker.connect(ConnectSpec.v5("late-durable").durable())) {
      publisher.send(publish("kept/x", format, Qos.AT_LEAST_ONCE, true, 1));
      publisher.expectAck(PacketType.PUBACK, 1);
      late.subscribe("kept/#", Qos.AT_MOST_ONCE);
      assertFormat(late, format);
      durable.subscribe("kept/#", Qos.AT_LEAST_ONCE);
      assertFormat(durable, format);
    }
  }

  @ParameterizedTest
  @EnumSource
  @Spec(v5 = "MQTT-3.3.2-4")
  void a_will_says_what_its_client_said(PayloadFormat format) {
    try (RawClient subscriber = broker.connect(ConnectSpec.v5("heir"))) {
      subscriber.subscribe("wills/#", Qos.AT_LEAST_ONCE);
      broker.connect(ConnectSpec.v5("dying").will(will("wills/x", format))).close();
      assertFormat(subscriber, format);
    }
  }

  private static void assertFormat(RawClient client, PayloadFormat format) {
    assertThat(client.takeAll(1).get(0).properties().payloadFormat()).isEqualTo(format);
  }
}
