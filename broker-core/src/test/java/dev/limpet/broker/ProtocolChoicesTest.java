package dev.limpet.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.limpet.broker.connection.ConnectionOptions;
import dev.limpet.broker.connection.ProtocolOptions;
import dev.limpet.broker.connection.codec.Packet.Acknowledgement;
import dev.limpet.broker.connection.codec.Packet.Connack;
import dev.limpet.broker.connection.codec.Packet.Disconnect;
import dev.limpet.broker.connection.codec.Packet.Pingresp;
import dev.limpet.broker.connection.codec.Packet.Suback;
import dev.limpet.broker.connection.codec.Packet.Subscribe;
import dev.limpet.broker.connection.codec.Packet.Unsuback;
import dev.limpet.broker.connection.codec.Packet.Unsubscribe;
import dev.limpet.broker.connection.codec.PacketType;
import dev.limpet.broker.connection.codec.SubscribeRequest;
import dev.limpet.broker.mqtt.ProtocolVersion;
import dev.limpet.broker.mqtt.Qos;
import dev.limpet.broker.mqtt.ReasonCode;
import dev.limpet.broker.spec.Spec;
import dev.limpet.broker.wire.ConnectSpec;
import dev.limpet.broker.wire.RawClient;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Reason strings, response information, and where to go when the node stops. */
class ProtocolChoicesTest {
  private static TestBroker broker(ProtocolOptions protocol) {
    return new TestBroker.Setup()
        .options(
            BrokerOptions.builder()
                .connection(ConnectionOptions.builder().protocol(protocol).build())
                .build())
        .start();
  }

  /** What SUBACK, UNSUBACK, PUBREL and DISCONNECT say in words, in this order. */
  private static List<@Nullable String> words(TestBroker broker, ConnectSpec spec) {
    try (RawClient client = broker.connect(spec)) {
      client.send(
          new Subscribe(
              1,
              0,
              List.of(
                  SubscribeRequest.plain("a", Qos.AT_MOST_ONCE),
                  SubscribeRequest.plain("a/#/b", Qos.AT_MOST_ONCE)),
              List.of()));
      @Nullable String suback = client.expect(Suback.class).reasonString();
      client.send(new Unsubscribe(2, List.of("#a"), List.of()));
      @Nullable String unsuback = client.expect(Unsuback.class).reasonString();
      client.ack(PacketType.PUBREC, 7);
      Acknowledgement pubrel = client.expectAck(PacketType.PUBREL, 7);
      assertThat(pubrel.reason()).isEqualTo(ReasonCode.PACKET_IDENTIFIER_NOT_FOUND);
      client.send(Pingresp.INSTANCE);
      Disconnect end = client.expect(Disconnect.class);
      assertThat(end.reason()).isEqualTo(ReasonCode.PROTOCOL_ERROR);
      return java.util.Arrays.asList(suback, unsuback, pubrel.reasonString(), end.reasonString());
    }
  }

  @Test
  void failures_are_told_in_words() {
    try (TestBroker broker = broker(ProtocolOptions.DEFAULTS)) {
      assertThat(words(broker, ConnectSpec.v5("c")))
          .containsExactly(
              "filter 2: topic filter invalid",
              "filter 1: topic filter invalid",
              "packet identifier not found",
              "PINGRESP does not go in this direction");
      try (RawClient client = RawClient.open(broker.port(), ProtocolVersion.V5)) {
        Connack refused = client.connect(ConnectSpec.v5("c").authenticationMethod("unheard of"));
        assertThat(refused.reason()).isEqualTo(ReasonCode.BAD_AUTHENTICATION_METHOD);
        assertThat(refused.properties().reasonString()).isEqualTo("bad authentication method");
      }
    }
  }

  @Test
  @Spec(v5 = "MQTT-3.1.2-29")
  void who_wants_no_problem_information_gets_words_only_at_the_end() {
    try (TestBroker broker = broker(ProtocolOptions.DEFAULTS)) {
      assertThat(words(broker, ConnectSpec.v5("c").withoutProblemInformation()))
          .containsExactly(null, null, null, "PINGRESP does not go in this direction");
    }
  }

  @Test
  @Spec(v5 = {"MQTT-3.14.2-3", "MQTT-3.9.2-1", "MQTT-3.6.2-2"})
  void words_that_do_not_fit_are_left_out() {
    try (TestBroker broker = broker(ProtocolOptions.DEFAULTS)) {
      assertThat(words(broker, ConnectSpec.v5("c").maximumPacketBytes(22)))
          .containsOnlyNulls()
          .hasSize(4);
    }
  }

  @Test
  void words_can_be_switched_off() {
    try (TestBroker broker = broker(ProtocolOptions.builder().reasonStrings(false).build())) {
      assertThat(words(broker, ConnectSpec.v5("c"))).containsOnlyNulls().hasSize(4);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "answers/, c, true, answers/",
    "answers/%c, c, true, answers/c",
    "answers/%c, c, false,",
    "answers/%c, a/b, true,",
    "answers/%c, +, true,",
    "answers/, +, true, answers/",
    ", c, true,"
  })
  @Spec(v5 = "MQTT-3.1.2-28")
  void response_information_is_for_those_who_ask_and_for_ids_that_stay_in_their_place(
      @Nullable String pattern, String id, boolean asks, @Nullable String told) {
    try (TestBroker broker =
            broker(ProtocolOptions.builder().responseInformation(pattern).build());
        RawClient client = RawClient.open(broker.port(), ProtocolVersion.V5)) {
      ConnectSpec spec = ConnectSpec.v5(id);
      Connack connack = client.connect(asks ? spec.requestResponseInformation() : spec);
      assertThat(connack.properties().assigned().responseInformation()).isEqualTo(told);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a/+", "#"})
  void response_information_is_part_of_a_topic(String pattern) {
    assertThatThrownBy(() -> ProtocolOptions.builder().responseInformation(pattern).build())
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void a_node_that_stops_names_the_server_to_go_to() {
    try (TestBroker broker =
            broker(ProtocolOptions.builder().serverReference("b.example").build());
        RawClient v5 = broker.connect(ConnectSpec.v5("v5"));
        RawClient v3 = broker.connect(ConnectSpec.v3("v3"))) {
      broker.broker().stop().toCompletableFuture().join();
      Disconnect end = v5.expect(Disconnect.class);
      assertThat(end.reason()).isEqualTo(ReasonCode.USE_ANOTHER_SERVER);
      assertThat(end.serverReference()).isEqualTo("b.example");
      v5.expectEnd();
      v3.expectEnd();
      try (RawClient late = RawClient.open(broker.port(), ProtocolVersion.V5)) {
        Connack refused = late.connect(ConnectSpec.v5("late"));
        assertThat(refused.reason()).isEqualTo(ReasonCode.USE_ANOTHER_SERVER);
        assertThat(refused.properties().serverReference()).isEqualTo("b.example");
        late.expectEnd();
      }
      try (RawClient late = RawClient.open(broker.port(), ProtocolVersion.V3_1_1)) {
        assertThat(late.connect(ConnectSpec.v3("late")).reason().connackReturnCode()).isEqualTo(3);
        late.expectEnd();
      }
    }
  }

  @Test
  void without_one_it_only_says_that_it_stops() {
    try (TestBroker broker = broker(ProtocolOptions.DEFAULTS);
        RawClient v5 = broker.connect(ConnectSpec.v5("v5"))) {
      broker.broker().stop().toCompletableFuture().join();
      Disconnect end = v5.expect(Disconnect.class);
      assertThat(end.reason()).isEqualTo(ReasonCode.SERVER_SHUTTING_DOWN);
      assertThat(end.serverReference()).isNull();
      assertThat(end.reasonString()).isEqualTo("the node stops");
      v5.expectEnd();
      try (RawClient late = RawClient.open(broker.port(), ProtocolVersion.V5)) {
        late.expectEnd();
      }
    }
  }
}
