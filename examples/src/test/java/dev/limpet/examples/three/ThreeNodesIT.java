package dev.limpet.examples.three;

import static org.assertj.core.api.Assertions.assertThat;

import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt3.Mqtt3BlockingClient;
import com.hivemq.client.mqtt.mqtt3.Mqtt3Client;
import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient;
import com.hivemq.client.mqtt.mqtt5.Mqtt5Client;
import dev.limpet.examples.ClusterScript;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** README's main command: three processes that are one broker. */
class ThreeNodesIT {

  private static final int WAIT_SECONDS = 20;

  @Test
  void three_nodes_are_one_broker_and_end_when_told() throws Exception {
    try (ClusterScript cluster = ClusterScript.start()) {
      for (InetSocketAddress subscriber : cluster.stickyAddresses()) {
        for (InetSocketAddress publisher : cluster.stickyAddresses()) {
          everyQosPassesInVersion5(subscriber, publisher);
          everyQosPassesInVersion3(subscriber, publisher);
        }
      }
      aClientComesHomeThroughEveryDoor(cluster);
      assertThat(cluster.stop()).isZero();
      assertThat(cluster.livingNodes()).isEmpty();
    }
  }

  private static void everyQosPassesInVersion5(
      InetSocketAddress subscriber, InetSocketAddress publisher) throws InterruptedException {
    Mqtt5BlockingClient to = v5("sub", subscriber);
    Mqtt5BlockingClient from = v5("pub", publisher);
    try (Mqtt5BlockingClient.Mqtt5Publishes messages =
        to.publishes(MqttGlobalPublishFilter.SUBSCRIBED)) {
      to.subscribeWith().topicFilter("five/#").qos(MqttQos.EXACTLY_ONCE).send();
      for (MqttQos qos : MqttQos.values()) {
        String topic = "five/" + qos.getCode();
        from.publishWith().topic(topic).qos(qos).payload(bytes("hello " + qos)).send();
        assertThat(messages.receive(WAIT_SECONDS, TimeUnit.SECONDS))
            .hasValueSatisfying(
                message -> {
                  assertThat(message.getTopic()).hasToString(topic);
                  assertThat(message.getQos()).isEqualTo(qos);
                  assertThat(message.getPayloadAsBytes()).isEqualTo(bytes("hello " + qos));
                });
      }
    }
    to.disconnect();
    from.disconnect();
  }

  private static void everyQosPassesInVersion3(
      InetSocketAddress subscriber, InetSocketAddress publisher) throws InterruptedException {
    Mqtt3BlockingClient to = v3("sub", subscriber);
    Mqtt3BlockingClient from = v3("pub", publisher);
    try (Mqtt3BlockingClient.Mqtt3Publishes messages =
        to.publishes(MqttGlobalPublishFilter.SUBSCRIBED)) {
      to.subscribeWith().topicFilter("three/+").qos(MqttQos.EXACTLY_ONCE).send();
      for (MqttQos qos : MqttQos.values()) {
        from.publishWith().topic("three/x").qos(qos).payload(bytes("hello " + qos)).send();
        assertThat(messages.receive(WAIT_SECONDS, TimeUnit.SECONDS))
            .hasValueSatisfying(
                message -> {
                  assertThat(message.getQos()).isEqualTo(qos);
                  assertThat(message.getPayloadAsBytes()).isEqualTo(bytes("hello " + qos));
                });
      }
    }
    to.disconnect();
    from.disconnect();
  }

  private static void aClientComesHomeThroughEveryDoor(ClusterScript cluster)
      throws InterruptedException {
    for (String id : List.of("meter-1", "meter-2", "meter-3", "a/b")) {
      for (InetSocketAddress door : cluster.stickyAddresses()) {
        Mqtt5BlockingClient client = v5(id, door);
        String seen = cluster.get("/api/v1/clients/" + id.replace("/", "%2F"));
        String home = field(seen, "home");
        assertThat(field(seen, "host")).as("host in %s", seen).isEqualTo(home);
        assertThat(seen).contains("\"connected\":true").contains("\"address\":\"127.0.0.1");
        client.disconnect();
      }
    }
  }

  private static String field(String json, String name) {
    return json.replaceFirst(".*\"" + name + "\":\"?([^,\"]*).*\\s*", "$1");
  }

  private static Mqtt5BlockingClient v5(String id, InetSocketAddress address) {
    Mqtt5BlockingClient client =
        Mqtt5Client.builder().identifier(id).serverAddress(address).buildBlocking();
    client.connect();
    return client;
  }

  private static Mqtt3BlockingClient v3(String id, InetSocketAddress address) {
    Mqtt3BlockingClient client =
        Mqtt3Client.builder().identifier(id).serverAddress(address).buildBlocking();
    client.connect();
    return client;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
