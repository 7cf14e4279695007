package dev.limpet.broker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.broker.connection.codec.Packet.Publish;
import dev.limpet.broker.connection.codec.Packet.Unsuback;
import dev.limpet.broker.connection.codec.Packet.Unsubscribe;
import dev.limpet.broker.connection.codec.PacketType;
import dev.limpet.broker.connection.codec.PublishFlags;
import dev.limpet.broker.connection.codec.SubscribeRequest;
import dev.limpet.broker.mqtt.PayloadFormat;
import dev.limpet.broker.mqtt.ProtocolVersion;
import dev.limpet.broker.mqtt.PublicationProperties;
import dev.limpet.broker.mqtt.Qos;
import dev.limpet.broker.mqtt.ReasonCode;
import dev.limpet.broker.mqtt.RetainHandling;
import dev.limpet.broker.mqtt.UserProperty;
import dev.limpet.broker.spec.Spec;
import dev.limpet.broker.topic.TopicName;
import dev.limpet.broker.wire.ConnectSpec;
import dev.limpet.broker.wire.RawClient;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Publishing to connected, transient subscribers. */
class LiveDeliveryTest {
  private static TestBroker broker;

  @BeforeAll
  static void start() {
    broker = TestBroker.start();
  }

  @AfterAll
  static void stop() {
    broker.close();
  }

  @ParameterizedTest
  @EnumSource(ProtocolVersion.class)
  @Spec(v3 = "MQTT-3.8.4-6", v5 = "MQTT-3.8.4-8")
  void a_publication_arrives_at_the_lower_of_both_qualities(ProtocolVersion version) {
    try (RawClient subscriber = broker.connect(ConnectSpec.of(version, "sub"));
        RawClient publisher = broker.connect(ConnectSpec.of(version, "pub"))) {
      for (Qos granted : Qos.values()) {
        subscriber.subscribe("q/" + granted.level(), granted);
        for (Qos sent : Qos.values()) {
          publisher.publish("q/" + granted.level(), "hello", sent);
          assertThat(subscriber.take("hello").qos()).isEqualTo(sent.atMost(granted));
        }
      }
    }
  }

  @Test
  void wildcards_match_as_the_standard_says() {
    try (RawClient subscriber = broker.connect(ConnectSpec.v5("sub"));
        RawClient publisher = broker.connect(ConnectSpec.v5("pub"))) {
      subscriber.subscribe("w/+/c", Qos.AT_LEAST_ONCE);
      subscriber.subscribe("x/#", Qos.AT_LEAST_ONCE);
      for (String topic : List.of("w/b/c", "w//c", "w/b/d", "w/b/c/d", "x", "x/y/z", "y/x")) {
        publisher.publish(topic, topic);
      }
      assertThat(subscriber.take(4)).containsExactly("w/b/c", "w//c", "x", "x/y/z");
      subscriber.ping();
    }
  }

  @Test
  @Spec(v5 = {"MQTT-3.3.4-2", "MQTT-3.3.4-3", "MQTT-3.3.4-4"})
  void overlapping_filters_bring_one_copy_with_every_identifier() {
    try (RawClient client = broker.connect(ConnectSpec.v5("one"))) {
      client.subscribe(7, request("o/#", Qos.AT_MOST_ONCE));
      client.subscribe(9, request("o/+", Qos.EXACTLY_ONCE));
      client.subscribe(0, request("o/x", Qos.AT_LEAST_ONCE));
      client.send(RawClient.publish("o/x", "once", Qos.EXACTLY_ONCE, 50));
      Publish got = client.expectPublish("once");
      assertThat(got.qos()).isEqualTo(Qos.EXACTLY_ONCE);
      assertThat(got.subscriptionIds()).containsExactlyInAnyOrder(7, 9);
      client.expectAck(PacketType.PUBREC, 50);
      client.ping();
    }
  }

  @Test
  void no_local_keeps_own_publications_away() {
    try (RawClient client = broker.connect(ConnectSpec.v5("self"));
        RawClient other = broker.connect(ConnectSpec.v5("other"))) {
      client.subscribe(
          0, new SubscribeRequest("nl", Qos.AT_LEAST_ONCE, true, false, RetainHandling.SEND));
      client.publish("nl", "mine");
      other.publish("nl", "yours");
      client.take("yours");
    }
  }

  @Test
  @Spec(
      v5 = {
        "MQTT-3.3.2-4",
        "MQTT-3.3.2-15",
        "MQTT-3.3.2-16",
        "MQTT-3.3.2-17",
        "MQTT-3.3.2-18",
        "MQTT-3.3.2-20"
      })
  void all_properties_of_a_publication_travel_unaltered() {
    PublicationProperties properties =
        new PublicationProperties(
            PayloadFormat.UTF_8,
            "text/plain",
            "answer/to",
            Buffer.buffer(new byte[] {0, -1, 7}),
            List.of(
                new UserProperty("b", "1"), new UserProperty("a", "2"), new UserProperty("b", "")));
    try (RawClient subscriber = broker.connect(ConnectSpec.v5("sub"));
        RawClient publisher = broker.connect(ConnectSpec.v5("pub"))) {
      subscriber.subscribe("props", Qos.AT_MOST_ONCE);
      publisher.send(
          new Publish(
              TopicName.of("props"),
              0,
              Buffer.buffer("p"),
              PublishFlags.of(Qos.AT_MOST_ONCE, false, false),
              0,
              60,
              properties,
              List.of()));
      Publish got = subscriber.expectPublish("p");
      assertThat(got.properties()).isEqualTo(properties);
      assertThat(got.messageExpirySeconds()).isEqualTo(60);
    }
  }

  @Test
  @Spec(v5 = {"MQTT-3.3.4-9", "MQTT-3.3.4-10"})
  void the_clients_receive_maximum_bounds_what_is_under_way() {
    try (RawClient subscriber = broker.connect(ConnectSpec.v5("sub").receiveMaximum(2));
        RawClient publisher = broker.connect(ConnectSpec.v5("pub"))) {
      subscriber.subscribe("rm", Qos.AT_LEAST_ONCE);
      for (int i = 1; i <= 5; i++) {
        publisher.publish("rm", "m" + i);
      }
      Publish first = subscriber.expectPublish("m1");
      Publish second = subscriber.expectPublish("m2");
      subscriber.ping();
      subscriber.ack(PacketType.PUBACK, second.packetId());
      subscriber.take("m3");
      subscriber.ack(PacketType.PUBACK, first.packetId());
      assertThat(subscriber.take(2)).containsExactly("m4", "m5");
    }
  }

  @Test
  @Spec(v5 = "MQTT-3.3.4-7")
  void more_than_the_servers_receive_maximum_at_qos_2_is_an_error() {
    try (RawClient publisher = broker.connect(ConnectSpec.v5("greedy"))) {
      int maximum = BrokerOptions.DEFAULTS.connection().session().receiveMaximum();
      for (int id = 1; id <= maximum; id++) {
        publisher.send(RawClient.publish("greed", "x", Qos.EXACTLY_ONCE, id));
        publisher.expectAck(PacketType.PUBREC, id);
      }
      publisher.send(RawClient.publish("greed", "x", Qos.EXACTLY_ONCE, maximum + 1));
      publisher.expectDisconnect(ReasonCode.RECEIVE_MAXIMUM_EXCEEDED);
    }
  }

  @Test
  void a_publication_larger_than_the_client_takes_is_left_out() {
    double dropped = broker.count("limpet.deliveries.dropped", "qos", "1");
    try (RawClient subscriber = broker.connect(ConnectSpec.v5("sub").maximumPacketBytes(64));
        RawClient publisher = broker.connect(ConnectSpec.v5("pub"))) {
      subscriber.subscribe("big", Qos.AT_LEAST_ONCE);
      publisher.publish("big", "x".repeat(100));
      publisher.publish("big", "fits");
      subscriber.take("fits");
    }
    assertThat(broker.count("limpet.deliveries.dropped", "qos", "1")).isEqualTo(dropped + 1);
  }

  @Test
  void a_topic_alias_stands_for_the_topic_it_was_set_to() {
    try (RawClient subscriber = broker.connect(ConnectSpec.v5("sub"));
        RawClient publisher = broker.connect(ConnectSpec.v5("pub"))) {
      subscriber.subscribe("al/+", Qos.AT_MOST_ONCE);
      publisher.sendTogether(
          aliased("al/a", 1), aliased(null, 1), aliased("al/b", 1), aliased(null, 1));
      assertThat(List.of(topic(subscriber), topic(subscriber), topic(subscriber)))
          .containsExactly("al/a", "al/a", "al/b");
      assertThat(topic(subscriber)).isEqualTo("al/b");
      publisher.send(aliased("al/c", 33));
      publisher.expectDisconnect(ReasonCode.TOPIC_ALIAS_INVALID);
    }
  }

  @Test
  void an_alias_that_was_never_set_is_a_protocol_error() {
    try (RawClient publisher = broker.connect(ConnectSpec.v5("pub"))) {
      publisher.send(aliased(null, 5));
      publisher.expectDisconnect(ReasonCode.PROTOCOL_ERROR);
    }
  }

  @Test
  void after_unsuback_nothing_comes_any_more() {
    try (RawClient subscriber = broker.connect(ConnectSpec.v5("sub"));
        RawClient publisher = broker.connect(ConnectSpec.v5("pub"))) {
      subscriber.subscribe("u/1", Qos.AT_LEAST_ONCE);
      subscriber.subscribe("u/2", Qos.AT_LEAST_ONCE);
      subscriber.send(new Unsubscribe(9, List.of("u/1", "u/none", "u/#/x"), List.of()));
      assertThat(subscriber.expect(Unsuback.class).reasons())
          .containsExactly(
              ReasonCode.SUCCESS,
              ReasonCode.NO_SUBSCRIPTION_EXISTED,
              ReasonCode.TOPIC_FILTER_INVALID);
      assertThat(publisher.publish("u/1", "gone")).isEqualTo(ReasonCode.NO_MATCHING_SUBSCRIBERS);
      assertThat(publisher.publish("u/2", "here")).isEqualTo(ReasonCode.SUCCESS);
      subscriber.take("here");
    }
  }

  @Test
  void an_invalid_filter_is_refused_and_the_others_are_granted() {
    SubscribeRequest[] requests = {
      request("ok/1", Qos.EXACTLY_ONCE), request("a/#/b", Qos.AT_LEAST_ONCE),
      request("$share//x", Qos.AT_LEAST_ONCE), request("ok/2", Qos.AT_MOST_ONCE)
    };
    try (RawClient v5 = broker.connect(ConnectSpec.v5("five"));
        RawClient v3 = broker.connect(ConnectSpec.v3("three"))) {
      assertThat(v5.subscribe(0, requests))
          .containsExactly(
              ReasonCode.GRANTED_QOS_2,
              ReasonCode.TOPIC_FILTER_INVALID,
              ReasonCode.TOPIC_FILTER_INVALID,
              ReasonCode.SUCCESS);
      assertThat(v3.subscribe(0, requests))
          .containsExactly(
              ReasonCode.GRANTED_QOS_2,
              ReasonCode.UNSPECIFIED_ERROR,
              ReasonCode.UNSPECIFIED_ERROR,
              ReasonCode.SUCCESS);
    }
  }

  @Test
  void no_local_on_a_shared_subscription_is_a_protocol_error() {
    try (RawClient client = broker.connect(ConnectSpec.v5("shared-local"))) {
      client.send(
          new dev.limpet.broker.connection.codec.Packet.Subscribe(
              1,
              0,
              List.of(
                  new SubscribeRequest(
                      "$share/g/x", Qos.AT_LEAST_ONCE, true, false, RetainHandling.SEND)),
              List.of()));
      client.expectDisconnect(ReasonCode.PROTOCOL_ERROR);
    }
  }

  @Test
  void a_qos_2_publication_sent_twice_is_routed_once() {
    try (RawClient subscriber = broker.connect(ConnectSpec.v5("sub"));
        RawClient publisher = broker.connect(ConnectSpec.v5("pub"))) {
      subscriber.subscribe("twice", Qos.AT_MOST_ONCE);
      publisher.send(RawClient.publish("twice", "one", Qos.EXACTLY_ONCE, 3));
      publisher.send(RawClient.publish("twice", "one", Qos.EXACTLY_ONCE, 3));
      publisher.expectAck(PacketType.PUBREC, 3);
      publisher.expectAck(PacketType.PUBREC, 3);
      publisher.ack(PacketType.PUBREL, 3);
      publisher.expectAck(PacketType.PUBCOMP, 3);
      publisher.ack(PacketType.PUBREL, 3);
      assertThat(publisher.expectAck(PacketType.PUBCOMP, 3).reason())
          .isEqualTo(ReasonCode.PACKET_IDENTIFIER_NOT_FOUND);
      publisher.publish("twice", "two");
      subscriber.expectPublish("one");
      subscriber.expectPublish("two");
    }
  }

  @Test
  void acknowledgements_come_in_the_order_of_the_publications() {
    try (RawClient publisher = broker.connect(ConnectSpec.v5("ordered"))) {
      publisher.sendTogether(
          RawClient.publish("ord", "1", Qos.AT_LEAST_ONCE, 30),
          RawClient.publish("ord", "2", Qos.EXACTLY_ONCE, 20),
          RawClient.publish("ord", "3", Qos.AT_LEAST_ONCE, 10));
      publisher.expectAck(PacketType.PUBACK, 30);
      publisher.expectAck(PacketType.PUBREC, 20);
      publisher.expectAck(PacketType.PUBACK, 10);
    }
  }

  private static SubscribeRequest request(String filter, Qos qos) {
    return SubscribeRequest.plain(filter, qos);
  }

  private static String topic(RawClient subscriber) {
    return String.valueOf(subscriber.expect(Publish.class).topic());
  }

  private static Publish aliased(String topic, int alias) {
    return new Publish(
        topic == null ? null : TopicName.of(topic),
        alias,
        Buffer.buffer("a"),
        PublishFlags.of(Qos.AT_MOST_ONCE, false, false),
        0,
        Publish.NO_EXPIRY,
        PublicationProperties.NONE,
        List.of());
  }
}
