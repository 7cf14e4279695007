package org.example;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.hivemq.client.mqtt.MqttClient;
import dev.limpet.broker.EmbeddedBroker;
import org.junit.jupiter.api.Test;

/** README's example. */
class EmbeddedBrokerTest {

  @Test
  void a_client_connects_to_the_broker_in_this_test() {
    try (var broker = EmbeddedBroker.start()) {
      var client = MqttClient.builder().useMqttVersion5().serverPort(broker.port()).buildBlocking();
      client.connect();
      assertTrue(client.getState().isConnected());
      client.disconnect();
    }
  }
}
