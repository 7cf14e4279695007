package dev.limpet.broker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.broker.connection.codec.Packet;
import dev.limpet.broker.connection.codec.Packet.Publish;
import dev.limpet.broker.mqtt.ProtocolVersion;
import dev.limpet.broker.mqtt.Qos;
import dev.limpet.broker.wire.ConnectSpec;
import dev.limpet.broker.wire.RawClient;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each publication goes to one member of a share group. */
class SharedSubscriptionTest extends FreshBrokerFixture {
  private static final int MESSAGES = 30;

  @ParameterizedTest
  @EnumSource(Qos.class)
  void connected_members_of_any_version_share(Qos qos) {
    try (RawClient one = broker.connect(ConnectSpec.v5("one"));
        RawClient two = broker.connect(ConnectSpec.v3("two"));
        RawClient three = broker.connect(ConnectSpec.of(ProtocolVersion.V3_1, "three"))) {
      List<RawClient> members = List.of(one, two, three);
      members.forEach(member -> member.subscribe("$share/g/s/#", qos));
      publish(qos);
      List<String> all = new ArrayList<>();
      members.forEach(member -> all.addAll(member.take(MESSAGES / 3)));
      assertThat(all).containsExactlyInAnyOrderElementsOf(expected());
    }
  }

  @Test
  void groups_and_plain_subscriptions_do_not_take_from_each_other() {
    try (RawClient group1 = broker.connect(ConnectSpec.v5("g1"));
        RawClient group2 = broker.connect(ConnectSpec.v5("g2"));
        RawClient plain = broker.connect(ConnectSpec.v5("plain"))) {
      group1.subscribe("$share/a/s/+", Qos.AT_LEAST_ONCE);
      group2.subscribe("$share/b/s/+", Qos.AT_LEAST_ONCE);
      plain.subscribe("s/#", Qos.AT_LEAST_ONCE);
      publish(Qos.AT_LEAST_ONCE);
      for (RawClient each : List.of(group1, group2, plain)) {
        assertThat(each.take(MESSAGES)).isEqualTo(expected());
      }
    }
  }

  @Test
  void durable_members_share_also_when_they_are_away() {
    List<ConnectSpec> specs =
        List.of(ConnectSpec.v5("one").durable(), ConnectSpec.v3("two").durable());
    for (ConnectSpec spec : specs) {
      try (RawClient member = broker.connect(spec)) {
        member.subscribe("$share/g/s/#", Qos.EXACTLY_ONCE);
        member.disconnect();
      }
    }
    publish(Qos.EXACTLY_ONCE);
    List<String> all = new ArrayList<>();
    for (ConnectSpec spec : specs) {
      // Who was not yet known to be away got more than the other.
      int share = broker.inboxDepth(spec.request().clientId());
      try (RawClient member = broker.connect(spec)) {
        all.addAll(member.take(share));
        member.ping();
      }
    }
    assertThat(all).containsExactlyInAnyOrderElementsOf(expected());
  }

  @Test
  void a_connected_durable_member_gets_each_quality_once() {
    try (RawClient member = broker.connect(ConnectSpec.v5("one").durable())) {
      member.subscribe("$share/g/s/#", Qos.AT_LEAST_ONCE);
      for (Qos qos : Qos.values()) {
        publisher.publish("s/x", qos.name(), qos);
        member.take(qos.name());
      }
      member.ping();
    }
  }

  @Test
  void a_member_that_left_gets_nothing() {
    try (RawClient stays = broker.connect(ConnectSpec.v5("stays"));
        RawClient leaves = broker.connect(ConnectSpec.v5("leaves"))) {
      stays.subscribe("$share/g/s/#", Qos.AT_LEAST_ONCE);
      leaves.subscribe("$share/g/s/#", Qos.AT_LEAST_ONCE);
      leaves.send(new Packet.Unsubscribe(3, List.of("$share/g/s/#"), List.of()));
      leaves.expect(Packet.Unsuback.class);
      publish(Qos.AT_LEAST_ONCE);
      List<Publish> got = stays.takeAll(MESSAGES);
      assertThat(got).hasSize(MESSAGES);
      leaves.ping();
    }
  }

  private void publish(Qos qos) {
    for (String payload : expected()) {
      publisher.publish("s/" + payload, payload, qos);
    }
  }

  private static List<String> expected() {
    List<String> payloads = new ArrayList<>();
    for (int i = 0; i < MESSAGES; i++) {
      payloads.add("m" + i);
    }
    return payloads;
  }
}
