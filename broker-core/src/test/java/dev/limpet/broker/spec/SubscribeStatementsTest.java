package dev.limpet.broker.spec;

import static dev.limpet.broker.spec.RawPackets.expectClosed;
import static dev.limpet.broker.spec.RawPackets.filter;
import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.broker.TestBroker;
import dev.limpet.broker.connection.codec.Packet;
import dev.limpet.broker.connection.codec.Packet.Publish;
import dev.limpet.broker.connection.codec.Packet.Suback;
import dev.limpet.broker.connection.codec.Packet.Subscribe;
import dev.limpet.broker.connection.codec.PacketType;
import dev.limpet.broker.connection.codec.SubscribeRequest;
import dev.limpet.broker.mqtt.ProtocolVersion;
import dev.limpet.broker.mqtt.Qos;
import dev.limpet.broker.mqtt.ReasonCode;
import dev.limpet.broker.mqtt.RetainHandling;
import dev.limpet.broker.wire.ConnectSpec;
import dev.limpet.broker.wire.RawClient;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** SUBSCRIBE and SUBACK: sections 3.8 and 3.9 of both specifications. */
class SubscribeStatementsTest extends SharedBrokerFixture {
  private static final int SUBSCRIBE = 0x82;

  @Override
  TestBroker.Setup setup() {
    return new TestBroker.Setup().authorizer(new Forbidding("not/mine"));
  }

  private static SubscribeRequest noLocal(String filter) {
    return new SubscribeRequest(filter, Qos.EXACTLY_ONCE, true, false, RetainHandling.SEND);
  }

  private static void retain(RawClient publisher, String topic, String payload) {
    int packetId = publisher.nextPacketId();
    publisher
        .send(RawClient.publish(topic, payload, Qos.AT_LEAST_ONCE, packetId, true))
        .expectAck(PacketType.PUBACK, packetId);
  }

  @BothVersions
  @Spec(v5 = "MQTT-3.8.1-1", v3 = "MQTT-3.8.1-1")
  void a_subscribe_with_other_flags_than_0010_closes_the_connection(ProtocolVersion version) {
    for (int flags = 0; flags < 16; flags++) {
      try (RawClient client = client(version)) {
        client.sendHex(RawPackets.subscribe(version, 0x80 | flags, filter("f", 0)));
        if (0x80 + flags == SUBSCRIBE) {
          client.expect(Suback.class);
        } else {
          expectClosed(client, version, ReasonCode.MALFORMED_PACKET);
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(ProtocolVersion.class)
  @Spec(v5 = "MQTT-3.8.3-1", v3 = "MQTT-3.8.3-1")
  void a_filter_that_is_not_utf8_closes_the_connection(ProtocolVersion version) {
    for (String bad : List.of("0001 FF 00", "0003 EDA080 00", "0002 C0AF 00", "0001 00 00")) {
      try (RawClient client = client(version)) {
        client.sendHex(RawPackets.subscribe(version, SUBSCRIBE, filter("good", 0) + bad));
        expectClosed(client, version, ReasonCode.MALFORMED_PACKET);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(ProtocolVersion.class)
  @Spec(v5 = "MQTT-3.8.3-2", v3 = "MQTT-3.8.3-3")
  void a_subscribe_without_a_filter_closes_the_connection(ProtocolVersion version) {
    try (RawClient client = client(version)) {
      client.sendHex(RawPackets.subscribe(version, SUBSCRIBE, ""));
      expectClosed(client, version, ReasonCode.PROTOCOL_ERROR);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0x03, 0x04, 0x08, 0x10, 0x20, 0x40, 0x80})
  @Spec(v3 = "MQTT-3.8.3-4")
  void qos_3_and_reserved_bits_of_3_1_1_close_the_connection(int options) {
    try (RawClient client = client(ProtocolVersion.V3_1_1)) {
      client.sendHex(
          RawPackets.subscribe(ProtocolVersion.V3_1_1, SUBSCRIBE, filter("reserved", options)));
      client.expectEnd();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0x40, 0x80, 0xC0})
  @Spec(v5 = "MQTT-3.8.3-5")
  void reserved_bits_of_v5_are_malformed(int options) {
    try (RawClient client = client(ProtocolVersion.V5)) {
      client.sendHex(
          RawPackets.subscribe(ProtocolVersion.V5, SUBSCRIBE, filter("reserved", options)));
      client.expectDisconnect(ReasonCode.MALFORMED_PACKET);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  @Spec(v5 = "MQTT-3.8.3-3")
  void no_local_keeps_away_what_the_same_client_id_published(boolean durable) {
    ConnectSpec spec = ConnectSpec.v5("no-local-" + durable);
    try (RawClient own = broker.connect(durable ? spec.durable() : spec);
        RawClient other = client(ProtocolVersion.V5)) {
      retain(own, "local/retained/own", "kept of mine");
      retain(other, "local/retained/other", "kept of others");
      own.subscribe(0, noLocal("local/#"));
      own.take("kept of others");
      for (Qos qos : Qos.values()) {
        own.publish("local/x", "mine", qos);
        other.publish("local/x", "yours " + qos, qos);
        own.take("yours " + qos);
      }
      own.ping();
    }
  }

  @Test
  @Spec(v5 = "MQTT-3.8.3-4")
  void no_local_on_a_shared_subscription_is_a_protocol_error() {
    try (RawClient client = client(ProtocolVersion.V5)) {
      client.sendHex(
          RawPackets.subscribe(ProtocolVersion.V5, SUBSCRIBE, filter("$share/g/f", 0x04)));
      client.expectDisconnect(ReasonCode.PROTOCOL_ERROR);
    }
  }

  @ParameterizedTest
  @EnumSource(ProtocolVersion.class)
  @Spec(
      v5 = {"MQTT-3.8.4-1", "MQTT-3.8.4-2"},
      v3 = {"MQTT-3.8.4-1", "MQTT-3.8.4-2"})
  void a_subscribe_is_answered_by_one_suback_with_its_packet_id(ProtocolVersion version) {
    try (RawClient client = client(version)) {
      for (int packetId : new int[] {1, 0x1234, 7, 7, 65_535}) {
        client.send(
            new Subscribe(
                packetId, 0, List.of(SubscribeRequest.plain("id", Qos.AT_MOST_ONCE)), List.of()));
        assertThat(client.expect(Suback.class).packetId()).isEqualTo(packetId);
      }
      client.ping();
    }
  }

  @Test
  @Spec(v5 = "MQTT-3.8.4-1")
  void a_client_that_has_no_room_for_its_suback_is_told_and_closed() {
    SubscribeRequest[] requests = new SubscribeRequest[100];
    Arrays.setAll(requests, i -> SubscribeRequest.plain("room/" + i, Qos.AT_LEAST_ONCE));
    ConnectSpec narrow = ConnectSpec.v5("narrow").maximumPacketBytes(80);
    try (RawClient client = broker.connect(narrow)) {
      client.send(new Subscribe(1, 0, List.of(requests), List.of()));
      client.expectDisconnect(ReasonCode.PACKET_TOO_LARGE);
    }
  }

  @ParameterizedTest
  @EnumSource(ProtocolVersion.class)
  @Spec(v5 = "MQTT-3.8.4-3", v3 = "MQTT-3.8.4-3")
  void the_same_filter_again_replaces_the_subscription(ProtocolVersion version) {
    try (RawClient client = client(version);
        RawClient publisher = broker.connect(ConnectSpec.v5("publisher"))) {
      retain(publisher, "again", "kept");
      for (Qos qos : List.of(Qos.AT_MOST_ONCE, Qos.EXACTLY_ONCE, Qos.AT_LEAST_ONCE)) {
        int id = 10 + qos.level();
        client.subscribe(id, SubscribeRequest.plain("again", qos));
        assertThat(client.take("kept").retain()).isTrue();
        publisher.publish("again", "new " + qos, Qos.EXACTLY_ONCE);
        Publish got = client.take("new " + qos);
        assertThat(got.qos()).isEqualTo(qos);
        assertThat(got.subscriptionIds()).isEqualTo(version.isV5() ? List.of(id) : List.of());
      }
      client.ping();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  @Spec(v5 = "MQTT-3.8.4-4", v3 = "MQTT-3.8.4-3")
  void replacing_a_subscription_sends_what_is_retained_again_and_loses_nothing(boolean durable) {
    List<RawClient> clients = new ArrayList<>(); // on different lanes than the publisher
    for (int i = 0; i < 4; i++) {
      ConnectSpec spec = ConnectSpec.v5("replacing " + i + durable);
      clients.add(broker.connect(durable ? spec.durable() : spec));
    }
    try (RawClient publisher = broker.connect(ConnectSpec.v5("publisher"))) {
      retain(publisher, "replaced/kept", "kept");
      for (RawClient client : clients) {
        client.subscribe("replaced/#", Qos.EXACTLY_ONCE);
        client.take("kept");
      }
      List<String> sent = new ArrayList<>();
      for (int i = 1; i <= 60; i++) {
        publisher.send(RawClient.publish("replaced/x", "m" + i, Qos.AT_LEAST_ONCE, i));
        sent.add("m" + i);
        if (i % 3 == 0) {
          Qos qos = i % 2 == 0 ? Qos.AT_LEAST_ONCE : Qos.EXACTLY_ONCE;
          SubscribeRequest again = SubscribeRequest.plain("replaced/#", qos);
          int packetId = i;
          clients.forEach(
              client -> client.send(new Subscribe(packetId, 0, List.of(again), List.of())));
        }
      }
      for (RawClient client : clients) {
        List<String> got = payloads(client, 20, 60 + 20);
        assertThat(got).filteredOn("kept"::equals).hasSize(20);
        assertThat(got)
            .filteredOn(payload -> !payload.equals("kept"))
            .containsExactlyElementsOf(sent);
        client.ping();
        client.disconnect();
      }
    }
  }

  /** Takes so many PUBLISH and so many SUBACK. */
  private static List<String> payloads(RawClient client, int subacks, int publications) {
    List<String> payloads = new ArrayList<>();
    int left = subacks;
    while (left > 0 || payloads.size() < publications) {
      Packet packet = client.next();
      if (packet instanceof Publish publish) {
        payloads.add(publish.payload().toString());
        client.ack(PacketType.PUBACK, publish.packetId());
      } else {
        assertThat(packet).isInstanceOf(Suback.class);
        left--;
      }
    }
    return payloads;
  }

  @ParameterizedTest
  @EnumSource(ProtocolVersion.class)
  @Spec(v5 = "MQTT-3.8.4-5", v3 = "MQTT-3.8.4-4")
  void several_filters_count_like_several_subscribes_with_one_answer(ProtocolVersion version) {
    try (RawClient client = client(version);
        RawClient publisher = broker.connect(ConnectSpec.v5("publisher"))) {
      List<ReasonCode> reasons =
          client.subscribe(
              0,
              SubscribeRequest.plain("many/a", Qos.EXACTLY_ONCE),
              SubscribeRequest.plain("many/b", Qos.AT_LEAST_ONCE),
              SubscribeRequest.plain("many/a", Qos.AT_MOST_ONCE));
      assertThat(reasons)
          .containsExactly(ReasonCode.GRANTED_QOS_2, ReasonCode.GRANTED_QOS_1, ReasonCode.SUCCESS);
      publisher.publish("many/a", "the last one counts", Qos.EXACTLY_ONCE);
      assertThat(client.take("the last one counts").qos()).isEqualTo(Qos.AT_MOST_ONCE);
      publisher.publish("many/b", "the other", Qos.EXACTLY_ONCE);
      assertThat(client.take("the other").qos()).isEqualTo(Qos.AT_LEAST_ONCE);
      client.ping();
    }
  }

  @ParameterizedTest
  @EnumSource(ProtocolVersion.class)
  @Spec(
      v5 = {"MQTT-3.8.4-6", "MQTT-3.8.4-7", "MQTT-3.9.3-1", "MQTT-3.9.3-2"},
      v3 = {"MQTT-3.8.4-5", "MQTT-3.9.3-1", "MQTT-3.9.3-2"})
  void suback_says_in_order_what_each_filter_was_granted_or_why_not(ProtocolVersion version) {
    try (RawClient client = client(version)) {
      client.sendHex(
          RawPackets.subscribe(
              version,
              SUBSCRIBE,
              filter("g/2", 2)
                  + filter("no/#/filter", 1)
                  + filter("g/0", 0)
                  + filter("not/mine", 1)
                  + filter("g/1", 1)));
      Suback suback = client.expect(Suback.class);
      ReasonCode refused =
          version == ProtocolVersion.V3_1 ? ReasonCode.SUCCESS : ReasonCode.UNSPECIFIED_ERROR;
      ReasonCode[] expected =
          version.isV5()
              ? new ReasonCode[] {
                ReasonCode.GRANTED_QOS_2,
                ReasonCode.TOPIC_FILTER_INVALID,
                ReasonCode.SUCCESS,
                ReasonCode.NOT_AUTHORIZED,
                ReasonCode.GRANTED_QOS_1
              }
              : new ReasonCode[] {
                ReasonCode.GRANTED_QOS_2,
                refused,
                ReasonCode.SUCCESS,
                refused,
                ReasonCode.GRANTED_QOS_1
              };
      assertThat(suback.reasons()).containsExactly(expected);
    }
  }
}
