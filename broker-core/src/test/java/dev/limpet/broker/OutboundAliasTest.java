package dev.limpet.broker;

import static org.assertj.core.api.Assertions.assertThat;

import com.hivemq.client.mqtt.MqttClient;
import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient;
import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient.Mqtt5Publishes;
import dev.limpet.broker.connection.ConnectionOptions;
import dev.limpet.broker.connection.ProtocolOptions;
import dev.limpet.broker.connection.codec.Packet.Publish;
import dev.limpet.broker.mqtt.Qos;
import dev.limpet.broker.spec.Spec;
import dev.limpet.broker.wire.ConnectSpec;
import dev.limpet.broker.wire.RawClient;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Topic aliases towards clients. */
class OutboundAliasTest extends FreshBrokerFixture {
  private RawClient subscriber(ConnectSpec spec) {
    RawClient client = broker.connect(spec);
    client.subscribe("#", Qos.AT_LEAST_ONCE);
    return client;
  }

  private Publish next(RawClient client, String topic) {
    publisher.publish(topic, topic);
    return client.take(topic);
  }

  private static void isFull(Publish publish, String topic, int alias) {
    assertThat(publish.topic()).hasToString(topic);
    assertThat(publish.topicAlias()).isEqualTo(alias);
  }

  private static void isAlias(Publish publish, int alias) {
    assertThat(publish.topic()).isNull();
    assertThat(publish.topicAlias()).isEqualTo(alias);
  }

  @Test
  void a_topic_is_named_once_and_then_by_its_alias() {
    try (RawClient client = subscriber(ConnectSpec.v5("s").topicAliasMaximum(2))) {
      isFull(next(client, "long/one"), "long/one", 1);
      isAlias(next(client, "long/one"), 1);
      isFull(next(client, "long/two"), "long/two", 2);
      isAlias(next(client, "long/one"), 1);
      isFull(next(client, "long/three"), "long/three", 0);
      isFull(next(client, "long/three"), "long/three", 2); // in place of the least recently used
      isFull(next(client, "long/two"), "long/two", 0);
      isAlias(next(client, "long/one"), 1);
      isFull(next(client, "abc"), "abc", 0);
    }
  }

  @ParameterizedTest
  @CsvSource({"0, 16, 0", "3, 16, 3", "65535, 16, 16", "5, 0, 0", "65535, 2, 2"})
  @Spec(v5 = {"MQTT-3.1.2-26", "MQTT-3.1.2-27"})
  void neither_the_clients_maximum_nor_the_brokers_is_exceeded(int client, int own, int highest) {
    ProtocolOptions protocol = ProtocolOptions.builder().topicAliasesOutMax(own).build();
    BrokerOptions options =
        BrokerOptions.builder()
            .connection(ConnectionOptions.builder().protocol(protocol).build())
            .build();
    try (TestBroker other = new TestBroker.Setup().options(options).start();
        RawClient from = other.connect(ConnectSpec.v5("p"));
        RawClient to = other.connect(ConnectSpec.v5("s").topicAliasMaximum(client))) {
      to.subscribe("#", Qos.AT_MOST_ONCE);
      Map<Integer, String> topics = new HashMap<>();
      for (int i = 0; i < 100; i++) {
        from.publish("topic/" + i % 20, "topic/" + i % 20);
        Publish got = to.take("topic/" + i % 20);
        if (got.topic() != null && got.topicAlias() > 0) {
          topics.put(got.topicAlias(), got.topic().value());
        }
        String meant = got.topic() == null ? topics.get(got.topicAlias()) : got.topic().value();
        assertThat(meant).isEqualTo("topic/" + i % 20);
      }
      assertThat(topics).hasSize(highest);
      assertThat(topics.keySet()).allMatch(alias -> alias >= 1 && alias <= highest);
    }
  }

  @Test
  void an_alias_that_would_make_the_packet_too_large_is_left_out() {
    String topic = "0123456789";
    int bytes = 2 + 2 + topic.length() + 2 + 1 + topic.length(); // header, topic, id, properties
    ConnectSpec spec = ConnectSpec.v5("s").topicAliasMaximum(5).maximumPacketBytes(bytes);
    try (RawClient client = subscriber(spec)) {
      isFull(next(client, topic), topic, 0);
      isFull(next(client, topic), topic, 0);
    }
  }

  @Test
  void each_connection_starts_anew() {
    for (int i = 0; i < 2; i++) {
      try (RawClient client = subscriber(ConnectSpec.v5("s").durable().topicAliasMaximum(2))) {
        isFull(next(client, "long/one"), "long/one", 1);
        isAlias(next(client, "long/one"), 1);
        client.disconnect();
      }
    }
  }

  @Test
  void a_client_library_resolves_them() throws InterruptedException {
    Mqtt5BlockingClient client =
        MqttClient.builder()
            .useMqttVersion5()
            .identifier("hive")
            .serverHost("127.0.0.1")
            .serverPort(broker.port())
            .buildBlocking();
    client.connectWith().restrictions().topicAliasMaximum(3).applyRestrictions().send();
    try (Mqtt5Publishes received = client.publishes(MqttGlobalPublishFilter.ALL)) {
      client.subscribeWith().topicFilter("hive/#").qos(MqttQos.EXACTLY_ONCE).send();
      for (int i = 0; i < 40; i++) {
        String topic = "hive/" + List.of(0, 1, 0, 2, 3, 0, 4, 5).get(i % 8);
        publisher.publish(topic, topic, Qos.of(i % 3));
        assertThat(received.receive().getTopic()).hasToString(topic);
      }
    }
    client.disconnect();
  }
}
