package dev.limpet.examples.surviving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.hivemq.client.mqtt.datatypes.MqttQos;
import dev.limpet.examples.ClusterScript;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A subscriber and a publisher go on when the node they depend on is killed. */
class SurvivingClientIT {

  private static final int BEFORE = 200;
  private static final int AFTER = 200;
  private static final Duration WAIT = Duration.ofSeconds(60);

  private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();
  private final Set<String> received = ConcurrentHashMap.newKeySet();

  @Test
  void every_acknowledged_message_arrives_although_the_home_is_killed() throws Exception {
    try (ClusterScript cluster = ClusterScript.start()) {
      SurvivingClient subscriber = new SurvivingClient("meter", cluster.stickyAddresses());
      SurvivingClient publisher = new SurvivingClient("plant", cluster.stickyAddresses());
      subscriber.connect().get(WAIT.toSeconds(), TimeUnit.SECONDS);
      publisher.connect().get(WAIT.toSeconds(), TimeUnit.SECONDS);
      subscriber
          .mqtt()
          .subscribeWith()
          .topicFilter("plant/#")
          .qos(MqttQos.AT_LEAST_ONCE)
          .callback(message -> received.add(text(message.getPayloadAsBytes())))
          .send()
          .get(WAIT.toSeconds(), TimeUnit.SECONDS);

      publish(publisher, 0, BEFORE);
      await().atMost(WAIT).until(() -> acknowledged.size() > BEFORE / 2);
      cluster.kill(homeOf(cluster, "meter"));
      publish(publisher, BEFORE, BEFORE + AFTER);

      await().atMost(WAIT).until(() -> acknowledged.size() == BEFORE + AFTER);
      await().atMost(WAIT).untilAsserted(() -> assertThat(received).containsAll(acknowledged));
      CompletableFuture.allOf(subscriber.mqtt().disconnect(), publisher.mqtt().disconnect())
          .get(WAIT.toSeconds(), TimeUnit.SECONDS);
      assertThat(cluster.livingNodes()).hasSize(2);
      assertThat(cluster.stop()).isZero();
    }
  }

  private void publish(SurvivingClient publisher, int from, int to) {
    for (int i = from; i < to; i++) {
      String word = "reading " + i;
      publisher
          .mqtt()
          .publishWith()
          .topic("plant/temperature")
          .qos(MqttQos.AT_LEAST_ONCE)
          .payload(word.getBytes(StandardCharsets.UTF_8))
          .send()
          .thenAccept(
              result -> {
                if (result.getError().isEmpty()) {
                  acknowledged.add(word);
                }
              });
    }
  }

  private static String homeOf(ClusterScript cluster, String clientId) throws InterruptedException {
    return cluster
        .get("/api/v1/clients/" + clientId)
        .replaceFirst(".*\"home\":\"([^\"]*).*\\s*", "$1");
  }

  private static String text(byte[] payload) {
    return new String(payload, StandardCharsets.UTF_8);
  }
}
