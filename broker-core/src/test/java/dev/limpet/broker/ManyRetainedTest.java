package dev.limpet.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.hivemq.client.mqtt.MqttClient;
import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5PublishResult;
import dev.limpet.broker.connection.codec.Packet;
import dev.limpet.broker.connection.codec.Packet.Publish;
import dev.limpet.broker.connection.codec.PacketType;
import dev.limpet.broker.mqtt.Qos;
import dev.limpet.broker.spec.Spec;
import dev.limpet.broker.wire.ConnectSpec;
import dev.limpet.broker.wire.RawClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** More retained messages than an inbox has room for, with default options. */
@Timeout(120)
class ManyRetainedTest {
  private static final int COUNT = 25_000;
  private static final int LEAVE_AFTER = 3_000;

  private final ConcurrentLinkedQueue<String> got = new ConcurrentLinkedQueue<>();
  private EmbeddedBroker broker;

  @BeforeEach
  void start() {
    broker = EmbeddedBroker.start();
  }

  @AfterEach
  void stop() {
    broker.close();
  }

  @Test
  @Spec(v5 = {"MQTT-3.3.1-9", "MQTT-3.8.4-4"})
  void a_durable_session_gets_all_of_them_and_not_from_its_inbox_room() {
    retain(MqttQos.AT_LEAST_ONCE);
    Mqtt5BlockingClient subscriber = client("all");
    subscriber
        .toAsync()
        .publishes(MqttGlobalPublishFilter.ALL, publish -> got.add(publish.getTopic().toString()));
    subscriber.connectWith().cleanStart(false).sessionExpiryInterval(3_600).send();
    subscriber.subscribeWith().topicFilter("many/#").qos(MqttQos.AT_LEAST_ONCE).send();
    await().atMost(Duration.ofSeconds(60)).until(() -> got.size() >= COUNT);
    subscriber.disconnect();
    assertThat(got).hasSize(COUNT).doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @EnumSource(names = {"AT_LEAST_ONCE", "EXACTLY_ONCE"})
  @Spec(v5 = {"MQTT-3.3.1-9", "MQTT-4.4.0-1"})
  void what_has_not_come_when_the_client_leaves_comes_when_it_is_back(Qos qos) {
    retain(MqttQos.fromCode(qos.level()));
    ConnectSpec spec = ConnectSpec.v5("leaves").durable().receiveMaximum(100);
    try (RawClient subscriber = RawClient.connect(broker.port(), spec)) {
      subscriber.subscribe("many/#", qos);
      takeUntil(LEAVE_AFTER, subscriber);
      subscriber.send(Packet.Pingreq.INSTANCE);
      while (!(subscriber.next() instanceof Packet.Pingresp)) {
        continue; // sent and not answered: comes again
      }
    }
    try (RawClient back = RawClient.open(broker.port(), spec.version())) {
      assertThat(back.connect(spec).sessionPresent()).isTrue();
      takeUntil(COUNT, back);
    }
    assertThat(got).hasSize(COUNT).doesNotHaveDuplicates();
  }

  /** Takes and answers until there are so many together. */
  private void takeUntil(int count, RawClient client) {
    while (got.size() < count) {
      Packet packet = client.next();
      if (packet instanceof Publish publish) {
        got.add(publish.topic().value());
        assertThat(publish.retain()).isTrue();
        client.ack(
            publish.qos() == Qos.EXACTLY_ONCE ? PacketType.PUBREC : PacketType.PUBACK,
            publish.packetId());
      } else {
        assertThat(packet.type()).isEqualTo(PacketType.PUBREL);
        client.ack(PacketType.PUBCOMP, ((Packet.Acknowledgement) packet).packetId());
      }
    }
  }

  private void retain(MqttQos qos) {
    Mqtt5BlockingClient publisher = client("publisher");
    publisher.connect();
    List<CompletableFuture<Mqtt5PublishResult>> published = new ArrayList<>();
    for (int i = 0; i < COUNT; i++) {
      published.add(
          publisher
              .toAsync()
              .publishWith()
              .topic("many/" + i)
              .qos(qos)
              .retain(true)
              .payload(new byte[] {1})
              .send());
    }
    published.forEach(CompletableFuture::join);
    publisher.disconnect();
  }

  private Mqtt5BlockingClient client(String id) {
    return MqttClient.builder()
        .useMqttVersion5()
        .identifier(id)
        .serverHost("127.0.0.1")
        .serverPort(broker.port())
        .buildBlocking();
  }
}
