package dev.limpet.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.hivemq.client.mqtt.MqttClient;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5AsyncClient;
import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient;
import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient.Mqtt5Publishes;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5PublishResult;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** MQTT 5 clients for tests. Stateless. */
final class Clients {

  private Clients() {}

  /** A client that is not connected yet. */
  static Mqtt5BlockingClient of(String id, int port) {
    return MqttClient.builder()
        .useMqttVersion5()
        .identifier(id)
        .serverHost("127.0.0.1")
        .serverPort(port)
        .buildBlocking();
  }

  /** Connects; a durable session lives for an hour. */
  static Mqtt5BlockingClient connect(String id, int port, boolean durable) {
    Mqtt5BlockingClient client = of(id, port);
    client.connectWith().cleanStart(!durable).sessionExpiryInterval(durable ? 3_600 : 0).send();
    return client;
  }

  /** Completes when the publication is acknowledged. */
  static CompletableFuture<Mqtt5PublishResult> publish(
      Mqtt5BlockingClient client, String topic, String text) {
    Mqtt5AsyncClient async = client.toAsync();
    return async
        .publishWith()
        .topic(topic)
        .qos(MqttQos.AT_LEAST_ONCE)
        .payload(text.getBytes(UTF_8))
        .send();
  }

  /** The text of the next message, or {@code nothing} after a minute. */
  static String next(Mqtt5Publishes received) {
    return next(received, 60_000);
  }

  static String next(Mqtt5Publishes received, long millisMax) {
    try {
      Optional<Mqtt5Publish> message = received.receive(millisMax, TimeUnit.MILLISECONDS);
      return message.map(each -> new String(each.getPayloadAsBytes(), UTF_8)).orElse("nothing");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
