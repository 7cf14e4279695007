package dev.limpet.examples.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient;
import com.hivemq.client.mqtt.mqtt5.Mqtt5Client;
import dev.limpet.broker.EmbeddedBroker;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** How do I test my application against a broker? */
class EmbeddedBrokerTest {

  @Test
  void an_application_talks_to_a_broker_inside_its_test() throws InterruptedException {
    try (EmbeddedBroker broker = EmbeddedBroker.start()) {
      Mqtt5BlockingClient application = connect("application", broker.port());
      Mqtt5BlockingClient sensor = connect("sensor", broker.port());
      try (var messages = application.publishes(MqttGlobalPublishFilter.ALL)) {
        application.subscribeWith().topicFilter("rooms/+").qos(MqttQos.AT_LEAST_ONCE).send();
        sensor
            .publishWith()
            .topic("rooms/kitchen")
            .qos(MqttQos.AT_LEAST_ONCE)
            .payload("21".getBytes(StandardCharsets.UTF_8))
            .send();
        assertThat(messages.receive(60, TimeUnit.SECONDS))
            .hasValueSatisfying(
                message -> assertThat(message.getPayloadAsBytes()).asString().isEqualTo("21"));
      }
      assertThat(broker.connectionCount()).isEqualTo(2);
      sensor.disconnect();
      application.disconnect();
    }
  }

  private static Mqtt5BlockingClient connect(String id, int port) {
    Mqtt5BlockingClient client =
        Mqtt5Client.builder()
            .identifier(id)
            .serverHost("127.0.0.1")
            .serverPort(port)
            .buildBlocking();
    client.connect();
    return client;
  }
}
