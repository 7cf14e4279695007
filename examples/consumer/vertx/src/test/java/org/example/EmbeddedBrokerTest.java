package org.example;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.limpet.broker.EmbeddedBroker;
import io.vertx.core.Vertx;
import io.vertx.mqtt.MqttClient;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** README's example, with another client. */
class EmbeddedBrokerTest {

  @Test
  void a_client_connects_to_the_broker_in_this_test() throws Exception {
    Vertx vertx = Vertx.vertx();
    try (var broker = EmbeddedBroker.start()) {
      MqttClient client = MqttClient.create(vertx);
      client.connect(broker.port(), "127.0.0.1").await(60, TimeUnit.SECONDS);
      assertTrue(client.isConnected());
      client.disconnect().await(60, TimeUnit.SECONDS);
    } finally {
      vertx.close().await(60, TimeUnit.SECONDS);
    }
  }
}
