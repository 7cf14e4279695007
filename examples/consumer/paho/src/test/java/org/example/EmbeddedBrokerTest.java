package org.example;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.limpet.broker.EmbeddedBroker;
import org.eclipse.paho.client.mqttv3.MqttClient;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.eclipse.paho.client.mqttv3.persist.MemoryPersistence;
import org.junit.jupiter.api.Test;

/** README's example, with another client. */
class EmbeddedBrokerTest {

  @Test
  void a_client_connects_to_the_broker_in_this_test() throws MqttException {
    try (var broker = EmbeddedBroker.start();
        var client = new MqttClient(broker.uri(), "consumer", new MemoryPersistence())) {
      client.connect();
      assertTrue(client.isConnected());
      client.disconnect();
    }
  }
}
