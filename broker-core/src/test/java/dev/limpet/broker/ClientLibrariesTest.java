package dev.limpet.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.hivemq.client.mqtt.MqttClient;
import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt3.Mqtt3BlockingClient;
import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient;
import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient.Mqtt5Publishes;
import com.hivemq.client.mqtt.mqtt5.datatypes.Mqtt5UserProperty;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;
import com.hivemq.client.mqtt.mqtt5.message.subscribe.suback.Mqtt5SubAckReasonCode;
import dev.limpet.broker.spec.Spec;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.eclipse.paho.client.mqttv3.MqttConnectOptions;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.eclipse.paho.client.mqttv3.persist.MemoryPersistence;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ordinary clients of other makers, used as their users do. */
class ClientLibrariesTest {
  private static final int WAIT_SECONDS = 60;
  private static EmbeddedBroker broker;

  @BeforeAll
  static void start() {
    broker = EmbeddedBroker.start();
  }

  @AfterAll
  static void stop() {
    broker.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  @Spec(v5 = "MQTT-4.2.0-1")
  void hivemq_v5_publishes_and_subscribes(int qos) throws InterruptedException {
    Mqtt5BlockingClient client = hive5("h5-" + qos);
    client.connect();
    try (Mqtt5Publishes publishes = client.publishes(MqttGlobalPublishFilter.ALL)) {
      client.subscribeWith().topicFilter("h5/+/x").qos(MqttQos.fromCode(qos)).send();
      client.publish(
          Mqtt5Publish.builder()
              .topic("h5/" + qos + "/x")
              .qos(MqttQos.fromCode(qos))
              .payload("hello".getBytes(StandardCharsets.UTF_8))
              .userProperties()
              .add("b", "1")
              .add("a", "2")
              .applyUserProperties()
              .responseTopic("answer")
              .build());
      Mqtt5Publish got = publishes.receive(WAIT_SECONDS, TimeUnit.SECONDS).orElseThrow();
      assertThat(got.getPayloadAsBytes()).isEqualTo("hello".getBytes(StandardCharsets.UTF_8));
      assertThat(got.getQos().getCode()).isEqualTo(qos);
      assertThat(String.valueOf(got.getResponseTopic().orElseThrow())).isEqualTo("answer");
      assertThat(got.getUserProperties().asList())
          .extracting(Mqtt5UserProperty::getName)
          .extracting(String::valueOf)
          .containsExactly("b", "a");
    }
    client.disconnect();
  }

  @Test
  @Spec(v3 = {"MQTT-7.0.0-2", "MQTT-7.1.1-1"})
  void hivemq_v3_resumes_its_session() throws InterruptedException {
    Mqtt3BlockingClient subscriber =
        MqttClient.builder()
            .useMqttVersion3()
            .identifier("h3")
            .serverHost("127.0.0.1")
            .serverPort(broker.port())
            .buildBlocking();
    assertThat(subscriber.connectWith().cleanSession(false).send().isSessionPresent()).isFalse();
    subscriber.subscribeWith().topicFilter("h3/#").qos(MqttQos.EXACTLY_ONCE).send();
    subscriber.disconnect();
    Mqtt5BlockingClient publisher = hive5("h3-publisher");
    publisher.connect();
    for (int i = 0; i < 100; i++) {
      publisher.publishWith().topic("h3/t").qos(MqttQos.EXACTLY_ONCE).payload(text(i)).send();
    }
    publisher.disconnect();
    List<String> got = new ArrayList<>();
    try (var publishes = subscriber.publishes(MqttGlobalPublishFilter.ALL)) {
      assertThat(subscriber.connectWith().cleanSession(false).send().isSessionPresent()).isTrue();
      for (int i = 0; i < 100; i++) {
        got.add(
            new String(
                publishes.receive(WAIT_SECONDS, TimeUnit.SECONDS).orElseThrow().getPayloadAsBytes(),
                StandardCharsets.UTF_8));
      }
    }
    subscriber.disconnect();
    assertThat(got).startsWith("0", "1", "2").endsWith("98", "99").hasSize(100);
  }

  @Test
  void hivemq_v5_is_granted_shared_subscriptions() {
    Mqtt5BlockingClient client = hive5("h5-refused");
    client.connect();
    assertThatThrownBy(() -> client.subscribeWith().topicFilter("$share/g+/x").send())
        .isInstanceOf(IllegalArgumentException.class); // its own check comes first
    assertThat(client.subscribeWith().topicFilter("$share/g/x").send().getReasonCodes().get(0))
        .isEqualTo(Mqtt5SubAckReasonCode.GRANTED_QOS_2);
    client.disconnect();
  }

  @ParameterizedTest
  @ValueSource(ints = {MqttConnectOptions.MQTT_VERSION_3_1, MqttConnectOptions.MQTT_VERSION_3_1_1})
  @Spec(v3 = {"MQTT-7.0.0-2", "MQTT-7.1.1-1"})
  void paho_v3_publishes_at_every_quality_and_resumes(int version) throws Exception {
    BlockingQueue<String> got = new LinkedBlockingQueue<>();
    MqttConnectOptions options = new MqttConnectOptions();
    options.setMqttVersion(version);
    options.setCleanSession(false);
    String topic = "paho" + version;
    var client = paho(topic, got);
    client.connect(options);
    client.subscribe(topic, 2);
    for (int qos = 0; qos <= 2; qos++) {
      client.publish(topic, ("m" + qos).getBytes(StandardCharsets.UTF_8), qos, false);
      assertThat(got.poll(WAIT_SECONDS, TimeUnit.SECONDS)).isEqualTo("m" + qos);
    }
    client.disconnect();
    client.close();
    // Not the same one: Paho may lose the CONNECT when threads of its last connection still end.
    var again = paho(topic, got);
    again.connect(options);
    again.publish(topic, "back".getBytes(StandardCharsets.UTF_8), 1, false);
    assertThat(got.poll(WAIT_SECONDS, TimeUnit.SECONDS)).isEqualTo("back");
    again.disconnect();
    again.close();
  }

  private static org.eclipse.paho.client.mqttv3.MqttClient paho(
      String id, BlockingQueue<String> received) throws MqttException {
    var client =
        new org.eclipse.paho.client.mqttv3.MqttClient(broker.uri(), id, new MemoryPersistence());
    client.setTimeToWait(WAIT_SECONDS * 1_000L);
    client.setCallback(
        new PahoCallback() {
          @Override
          public void messageArrived(
              String topic, org.eclipse.paho.client.mqttv3.MqttMessage message) {
            received.add(message.toString());
          }
        });
    return client;
  }

  @Test
  void paho_v3_sees_its_connection_lost_when_it_is_taken_over() throws MqttException {
    BlockingQueue<Throwable> lost = new LinkedBlockingQueue<>();
    var first =
        new org.eclipse.paho.client.mqttv3.MqttClient(
            broker.uri(), "taken", new MemoryPersistence());
    first.setCallback(
        new PahoCallback() {
          @Override
          public void connectionLost(Throwable cause) {
            lost.add(cause);
          }
        });
    first.connect();
    var second =
        new org.eclipse.paho.client.mqttv3.MqttClient(
            broker.uri(), "taken", new MemoryPersistence());
    second.connect();
    org.awaitility.Awaitility.await().until(() -> !lost.isEmpty());
    assertThat(second.isConnected()).isTrue();
    second.disconnect();
    second.close();
    first.close();
  }

  /** Paho's, which has no defaults. */
  private static class PahoCallback implements org.eclipse.paho.client.mqttv3.MqttCallback {
    @Override
    public void connectionLost(Throwable cause) {}

    @Override
    public void messageArrived(String topic, org.eclipse.paho.client.mqttv3.MqttMessage message) {}

    @Override
    public void deliveryComplete(org.eclipse.paho.client.mqttv3.IMqttDeliveryToken token) {}
  }

  private static byte[] text(int i) {
    return String.valueOf(i).getBytes(StandardCharsets.UTF_8);
  }

  private static Mqtt5BlockingClient hive5(String id) {
    return MqttClient.builder()
        .useMqttVersion5()
        .identifier(id)
        .serverHost("127.0.0.1")
        .serverPort(broker.port())
        .buildBlocking();
  }
}
