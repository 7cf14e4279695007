package dev.limpet.broker.spec;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;
import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.broker.TestBroker;
import dev.limpet.broker.connection.codec.Packet;
import dev.limpet.broker.connection.codec.Packet.Acknowledgement;
import dev.limpet.broker.connection.codec.Packet.Publish;
import dev.limpet.broker.connection.codec.PacketType;
import dev.limpet.broker.mqtt.ProtocolVersion;
import dev.limpet.broker.mqtt.Qos;
import dev.limpet.broker.spi.GatedStore;
import dev.limpet.broker.wire.ConnectSpec;
import dev.limpet.broker.wire.RawClient;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Message ordering: section 4.6 of both specifications. */
class OrderStatementsTest extends SharedBrokerFixture {
  private static final int MESSAGES = 300;
  private GatedStore store;

  @Override
  TestBroker.Setup setup() {
    return new TestBroker.Setup().sessions(heap -> store = new GatedStore(heap));
  }

  /** Publishes at all three qualities by turns without waiting, then sees all of it through. */
  private static Map<Qos, List<String>> publishAll(RawClient publisher, String topic) {
    Map<Qos, List<String>> sent = new EnumMap<>(Qos.class);
    Packet[] packets = new Packet[MESSAGES];
    for (int i = 0; i < MESSAGES; i++) {
      Qos qos = Qos.of(i % 3);
      packets[i] = RawClient.publish(topic, "m" + i, qos, qos.isAcknowledged() ? i + 1 : 0);
      sent.computeIfAbsent(qos, key -> new ArrayList<>()).add("m" + i);
    }
    publisher.sendTogether(packets);
    for (int left = MESSAGES / 3 * 2; left > 0; ) {
      Acknowledgement ack = publisher.expect(Acknowledgement.class);
      if (ack.type() == PacketType.PUBREC) {
        publisher.ack(PacketType.PUBREL, ack.packetId());
      } else {
        left--;
      }
    }
    return sent;
  }

  private static Map<Qos, List<String>> byQos(List<Publish> publications) {
    return publications.stream()
        .collect(groupingBy(Publish::qos, mapping(each -> each.payload().toString(), toList())));
  }

  @ParameterizedTest
  @EnumSource(ProtocolVersion.class)
  @Spec(
      v3 = {"MQTT-4.6.0-5", "MQTT-4.6.0-6"},
      v5 = {"MQTT-4.6.0-5", "MQTT-4.6.0-6"})
  void every_subscriber_gets_a_publishers_messages_of_a_topic_and_qos_in_order(
      ProtocolVersion version) {
    String topic = "order/" + version;
    List<ConnectSpec> specs =
        List.of(
            ConnectSpec.of(version, "plain"),
            ConnectSpec.of(version, "durable").durable(),
            ConnectSpec.of(version, "narrow").receiveMaximum(3),
            ConnectSpec.of(version, "narrow durable").durable().receiveMaximum(3));
    List<RawClient> subscribers = specs.stream().map(broker::connect).toList();
    try (RawClient publisher = broker.connect(ConnectSpec.of(version, "publisher"))) {
      subscribers.get(0).subscribe(topic, Qos.EXACTLY_ONCE);
      subscribers.get(1).subscribe("order/+", Qos.EXACTLY_ONCE);
      subscribers.get(2).subscribe("order/#", Qos.EXACTLY_ONCE);
      subscribers.get(3).subscribe(topic, Qos.EXACTLY_ONCE);
      Map<Qos, List<String>> sent = publishAll(publisher, topic);
      for (RawClient subscriber : subscribers) {
        assertThat(byQos(subscriber.takeAll(MESSAGES))).isEqualTo(sent);
        subscriber.disconnect();
      }
    }
  }

  @ParameterizedTest
  @EnumSource(ProtocolVersion.class)
  @Spec(v3 = "MQTT-4.6.0-6")
  void the_server_resends_and_releases_in_order(ProtocolVersion version) {
    ConnectSpec spec = ConnectSpec.of(version, "rules-" + version).durable();
    List<Integer> once = new ArrayList<>();
    List<Integer> twice = new ArrayList<>();
    try (RawClient client = broker.connect(spec);
        RawClient publisher = broker.connect(ConnectSpec.of(version, "publisher"))) {
      client.subscribe("rules", Qos.EXACTLY_ONCE);
      for (int i = 0; i < 10; i++) {
        publisher.publish("rules", "a" + i, Qos.AT_LEAST_ONCE);
        once.add(client.expectPublish("a" + i).packetId());
        publisher.publish("rules", "b" + i, Qos.EXACTLY_ONCE);
        twice.add(client.expectPublish("b" + i).packetId());
      }
    }
    broker.awaitConnections(0);
    try (RawClient back = broker.connect(spec)) {
      for (int i = 0; i < 10; i++) {
        assertThat(back.expectPublish("a" + i).packetId()).isEqualTo(once.get(i));
        assertThat(back.expectPublish("b" + i).packetId()).isEqualTo(twice.get(i));
      }
      Collections.shuffle(twice);
      twice.forEach(id -> back.ack(PacketType.PUBREC, id));
      twice.forEach(id -> back.expectAck(PacketType.PUBREL, id));
    }
  }

  @ParameterizedTest
  @EnumSource(ProtocolVersion.class)
  @Spec(v3 = "MQTT-4.6.0-6")
  void the_server_acknowledges_in_the_order_of_the_messages(ProtocolVersion version) {
    ConnectSpec reader = ConnectSpec.of(version, "reader " + version).durable();
    try (RawClient durable = broker.connect(reader);
        RawClient publisher = broker.connect(ConnectSpec.of(version, "publisher"))) {
      durable.subscribe("slow", Qos.AT_LEAST_ONCE);
      CompletableFuture<Void> gate = store.hold("append");
      publisher.sendTogether(
          RawClient.publish("slow", "waits for the store", Qos.AT_LEAST_ONCE, 9),
          RawClient.publish("fast", "does not", Qos.AT_LEAST_ONCE, 8),
          RawClient.publish("fast", "does not", Qos.EXACTLY_ONCE, 7),
          RawClient.publish("slow", "waits", Qos.EXACTLY_ONCE, 6),
          RawClient.publish("fast", "does not", Qos.AT_LEAST_ONCE, 5));
      publisher.ping(); // nothing overtakes the first
      store.release("append");
      gate.complete(null);
      publisher.expectAck(PacketType.PUBACK, 9);
      publisher.expectAck(PacketType.PUBACK, 8);
      publisher.expectAck(PacketType.PUBREC, 7);
      publisher.expectAck(PacketType.PUBREC, 6);
      publisher.expectAck(PacketType.PUBACK, 5);
    }
    broker.awaitConnections(0);
  }
}
