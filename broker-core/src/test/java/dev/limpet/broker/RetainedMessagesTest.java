package dev.limpet.broker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.broker.connection.ConnectionOptions;
import dev.limpet.broker.connection.codec.Packet;
import dev.limpet.broker.connection.codec.Packet.Publish;
import dev.limpet.broker.connection.codec.Packet.Suback;
import dev.limpet.broker.connection.codec.Packet.Subscribe;
import dev.limpet.broker.connection.codec.PacketType;
import dev.limpet.broker.connection.codec.PublishFlags;
import dev.limpet.broker.connection.codec.SubscribeRequest;
import dev.limpet.broker.mqtt.Qos;
import dev.limpet.broker.mqtt.RetainHandling;
import dev.limpet.broker.session.SessionLimits;
import dev.limpet.broker.spec.Spec;
import dev.limpet.broker.wire.ConnectSpec;
import dev.limpet.broker.wire.RawClient;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a topic keeps for those who subscribe later. */
class RetainedMessagesTest extends FreshBrokerFixture {
  @Test
  void the_last_one_is_kept_until_an_empty_one_clears_it() {
    retain("r/1", "old");
    retain("r/1", "new");
    retain("r/2", "other");
    try (RawClient subscriber = broker.connect(ConnectSpec.v3("s1"))) {
      subscriber.subscribe("r/1", Qos.AT_LEAST_ONCE);
      assertThat(subscriber.take("new").retain()).isTrue();
    }
    retain("r/1", "");
    try (RawClient subscriber = broker.connect(ConnectSpec.v3("s2"))) {
      subscriber.subscribe("r/#", Qos.AT_LEAST_ONCE);
      subscriber.take("other");
      subscriber.ping();
    }
  }

  @Test
  @Spec(v5 = {"MQTT-3.3.1-9", "MQTT-3.3.1-10", "MQTT-3.3.1-11"})
  void retain_handling_decides_when_they_come() {
    retain("h", "kept");
    try (RawClient subscriber = broker.connect(ConnectSpec.v5("s"))) {
      subscriber.subscribe(0, request("h", false, RetainHandling.DO_NOT_SEND));
      subscriber.ping();
      subscriber.subscribe(0, request("h", false, RetainHandling.SEND_IF_NEW));
      subscriber.ping();
      subscriber.subscribe(0, request("h", false, RetainHandling.SEND));
      subscriber.take("kept");
      subscriber.subscribe(4, request("+", false, RetainHandling.SEND_IF_NEW));
      assertThat(subscriber.take("kept").subscriptionIds()).containsExactly(4);
      subscriber.ping();
    }
  }

  @Test
  @Spec(v5 = {"MQTT-3.3.1-12", "MQTT-3.3.1-13"})
  void the_flag_is_kept_for_those_who_ask_and_cleared_for_others() {
    try (RawClient asPublished = broker.connect(ConnectSpec.v5("as-published"));
        RawClient plain = broker.connect(ConnectSpec.v5("plain"))) {
      asPublished.subscribe(0, request("f", true, RetainHandling.SEND));
      plain.subscribe(0, request("f", false, RetainHandling.SEND));
      retain("f", "flagged");
      publisher.publish("f", "unflagged");
      assertThat(asPublished.take("flagged").retain()).isTrue();
      assertThat(asPublished.take("unflagged").retain()).isFalse();
      assertThat(plain.take("flagged").retain()).isFalse();
    }
  }

  @Test
  void a_shared_subscription_brings_none() {
    retain("sh", "kept");
    try (RawClient subscriber = broker.connect(ConnectSpec.v5("s"))) {
      subscriber.subscribe("$share/g/sh", Qos.AT_LEAST_ONCE);
      subscriber.ping();
    }
  }

  @Test
  void a_durable_session_gets_them_through_its_inbox() {
    retain("d", "kept");
    try (RawClient subscriber = broker.connect(ConnectSpec.v5("durable").durable())) {
      subscriber.subscribe("d", Qos.EXACTLY_ONCE);
      Publish got = subscriber.take("kept");
      assertThat(got.retain()).isTrue();
      assertThat(got.qos()).isEqualTo(Qos.AT_LEAST_ONCE);
      subscriber.ping();
    }
  }

  @Test
  @Spec(v5 = {"MQTT-3.3.2-5", "MQTT-3.3.2-6"})
  void expired_ones_are_not_sent_and_others_with_what_is_left() {
    Publish kept = RawClient.publish("e/1", "kept", Qos.AT_LEAST_ONCE, 1, true);
    publisher.send(expiring(kept, 10)).expectAck(PacketType.PUBACK, 1);
    Publish lost = RawClient.publish("e/2", "lost", Qos.AT_LEAST_ONCE, 2, true);
    publisher.send(expiring(lost, 3)).expectAck(PacketType.PUBACK, 2);
    broker.clock.advanceSeconds(4);
    try (RawClient subscriber = broker.connect(ConnectSpec.v5("s"))) {
      subscriber.subscribe("e/+", Qos.AT_LEAST_ONCE);
      assertThat(subscriber.take("kept").messageExpirySeconds()).isEqualTo(6);
      subscriber.ping();
    }
  }

  @Test
  void all_come_however_short_the_send_queue_is_and_in_front_of_what_follows() {
    SessionLimits limits =
        SessionLimits.builder()
            .sendQueueMessagesMax(3)
            .sendQueueBytesMax(1_000)
            .receiveMaximum(100)
            .sendMaximum(2)
            .subscriptionsMax(10)
            .build();
    ConnectionOptions few =
        ConnectionOptions.builder()
            .topicAliasMaximum(0)
            .writeBufferBytesMax(1 << 16)
            .session(limits)
            .build();
    try (TestBroker small =
            new TestBroker.Setup()
                .options(BrokerOptions.builder().connection(few).build())
                .start();
        RawClient sender = small.connect(ConnectSpec.v5("sender"));
        RawClient subscriber = small.connect(ConnectSpec.v5("s"))) {
      for (int i = 0; i < 100; i++) {
        int packetId = sender.nextPacketId();
        sender
            .send(RawClient.publish("many/" + i, "old", Qos.AT_LEAST_ONCE, packetId, true))
            .expectAck(PacketType.PUBACK, packetId);
      }
      subscriber.subscribe("many/#", Qos.AT_LEAST_ONCE);
      subscriber.expectPublish("old"); // looked up and queued, and not acknowledged
      sender.publish("many/7", "new");
      for (int i = 0; i < 99; i++) {
        subscriber.ack(PacketType.PUBACK, i + 1);
        subscriber.expectPublish("old");
      }
      subscriber.ack(PacketType.PUBACK, 100);
      subscriber.take("new");
      assertThat(small.count("limpet.deliveries.dropped", "qos", "1")).isZero();
    }
  }

  @Test
  void each_of_many_filters_brings_its_own() {
    int count = 500;
    List<SubscribeRequest> requests = new ArrayList<>();
    Set<String> expected = new HashSet<>();
    for (int i = 0; i < count; i++) {
      retain("f/" + i, "m" + i);
      expected.add("m" + i);
      requests.add(request("f/" + i + "/#", false, RetainHandling.SEND));
    }
    try (RawClient subscriber = broker.connect(ConnectSpec.v5("s"))) {
      subscriber.send(new Subscribe(1, 0, requests, List.of()));
      subscriber.send(Packet.Pingreq.INSTANCE);
      subscriber.expect(Suback.class);
      Set<String> got = new HashSet<>();
      boolean answered = false;
      while (!answered || got.size() < count) {
        Packet packet = subscriber.next();
        answered |= packet instanceof Packet.Pingresp;
        if (packet instanceof Publish publish) {
          subscriber.ack(PacketType.PUBACK, publish.packetId());
          got.add(publish.payload().toString());
        }
      }
      assertThat(got).isEqualTo(expected);
    }
  }

  private void retain(String topic, String payload) {
    int packetId = publisher.nextPacketId();
    publisher
        .send(RawClient.publish(topic, payload, Qos.AT_LEAST_ONCE, packetId, true))
        .expectAck(PacketType.PUBACK, packetId);
  }

  private static Publish expiring(Publish publish, long expirySeconds) {
    return new Publish(
        publish.topic(),
        0,
        publish.payload(),
        PublishFlags.of(publish.qos(), false, publish.retain()),
        publish.packetId(),
        expirySeconds,
        publish.properties(),
        publish.subscriptionIds());
  }

  private static SubscribeRequest request(
      String filter, boolean asPublished, RetainHandling handling) {
    return new SubscribeRequest(filter, Qos.AT_LEAST_ONCE, false, asPublished, handling);
  }
}
