package dev.limpet.broker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.broker.connection.codec.Packet.Publish;
import dev.limpet.broker.connection.codec.PacketType;
import dev.limpet.broker.mqtt.ProtocolVersion;
import dev.limpet.broker.mqtt.Qos;
import dev.limpet.broker.mqtt.ReasonCode;
import dev.limpet.broker.wire.ConnectSpec;
import dev.limpet.broker.wire.RawClient;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Issue 7, item 9. The kind: what bridges of other brokers do by default works here: they say in
 * {@code $SYS/broker/connection/+/state} whether they are connected, and announce themselves in the
 * protocol level so as not to get back what they sent. A real mosquitto does so in the module
 * {@code cluster}.
 */
class BridgeTest extends FreshBrokerFixture {
  private static final String STATE = "$SYS/broker/connection/house.site/state";

  private static Publish retained(String topic, String payload) {
    return RawClient.publish(topic, payload, Qos.AT_LEAST_ONCE, 7, true);
  }

  @ParameterizedTest
  @ValueSource(strings = {"$SYS/#", STATE, "$SYS/broker/connection/+/state", "$SYS/broker/+/#"})
  void the_state_of_a_bridge_is_an_ordinary_retained_topic(String filter) {
    try (RawClient early = broker.connect(ConnectSpec.v3("early"));
        RawClient late = broker.connect(ConnectSpec.v5("late").durable())) {
      early.subscribe(filter, Qos.AT_LEAST_ONCE);
      assertThat(publisher.send(retained(STATE, "1")).expectAck(PacketType.PUBACK, 7).reason())
          .isEqualTo(ReasonCode.SUCCESS);
      assertThat(state(early).retain()).isFalse();
      late.subscribe(filter, Qos.AT_LEAST_ONCE);
      assertThat(state(late).retain()).isTrue();
    }
  }

  /** The next message about the bridge, among what the node says of itself. */
  private static Publish state(RawClient client) {
    Publish next = client.takeAll(1).get(0);
    while (!String.valueOf(next.topic()).equals(STATE)) {
      next = client.takeAll(1).get(0);
    }
    assertThat(next.payload()).hasToString("1");
    return next;
  }

  @Test
  void a_bridge_may_leave_its_state_as_its_will() {
    publisher.subscribe("$SYS/broker/connection/#", Qos.AT_LEAST_ONCE);
    ConnectSpec bridge = ConnectSpec.v3("house.site").bridge();
    broker.connect(bridge.will(ConnectSpec.will(STATE, "0", 0, true))).close();
    publisher.take("0");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "$SYS/broker/connection/state",
        "$SYS/broker/connection//x/state",
        "$SYS/broker/connection/a/b/state",
        "$SYS/broker/connection/a/states",
        "$SYS/broker/connection/a",
        "$SYS/broker/connections/a/state",
        "$SYS/broker/uptime"
      })
  void no_other_topic_of_the_server_is(String topic) {
    assertThat(publisher.publish(topic, "1")).isEqualTo(ReasonCode.NOT_AUTHORIZED);
  }

  @ParameterizedTest
  @EnumSource(names = {"V3_1", "V3_1_1"})
  void a_bridge_gets_nothing_back_and_retain_as_published(ProtocolVersion version) {
    for (boolean durable : new boolean[] {false, true}) {
      ConnectSpec spec = ConnectSpec.of(version, "bridge").bridge();
      try (RawClient bridge = broker.connect(durable ? spec.durable() : spec)) {
        bridge.subscribe("#", Qos.EXACTLY_ONCE);
        for (Qos qos : Qos.values()) {
          bridge.publish("echo", "no", qos);
        }
        publisher.send(retained("kept", "yes")).expectAck(PacketType.PUBACK, 7);
        assertThat(bridge.take("yes").retain()).isTrue();
        publisher.publish("plain", "yes");
        assertThat(bridge.take("yes").retain()).isFalse();
        bridge.ping();
      }
      broker.awaitConnections(1);
      publisher.send(retained("kept", "")).expectAck(PacketType.PUBACK, 7);
      broker.connect(ConnectSpec.v5("bridge")).disconnect();
      broker.awaitConnections(1);
    }
  }

  @Test
  void a_client_that_is_none_gets_its_own_messages_back() {
    try (RawClient client = broker.connect(ConnectSpec.v3("client"))) {
      client.subscribe("#", Qos.AT_LEAST_ONCE);
      client.publish("echo", "yes", Qos.AT_MOST_ONCE);
      client.take("yes");
    }
  }

  @Test
  void a_bridge_in_a_share_group_takes_its_turn() {
    try (RawClient bridge = broker.connect(ConnectSpec.v3("bridge").bridge())) {
      assertThat(bridge.subscribe("$share/g/t", Qos.AT_LEAST_ONCE))
          .isEqualTo(List.of(ReasonCode.GRANTED_QOS_1));
      bridge.send(RawClient.publish("t", "m", Qos.AT_MOST_ONCE, 0));
      bridge.take("m");
    }
  }
}
