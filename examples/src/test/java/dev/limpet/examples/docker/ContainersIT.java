package dev.limpet.examples.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.hivemq.client.mqtt.datatypes.MqttQos;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Three nodes in containers: they are one broker before and after one of them was cut off. */
class ContainersIT {

  private static final Duration WAIT = Duration.ofSeconds(60);

  private final List<Party> subscribers = new ArrayList<>();

  @Test
  void a_node_that_was_cut_off_comes_back_into_one_broker() throws Exception {
    ContainerCluster.assumePossible();
    try (ContainerCluster cluster = ContainerCluster.start()) {
      List<NodeContainer> all = cluster.nodes();
      NodeContainer lone = all.get(2);
      List<NodeContainer> rest = all.subList(0, 2);
      for (NodeContainer node : all) {
        subscribers.add(Party.at(node.direct(), "sub-" + node.name()).subscribed("all/#"));
      }
      everyNodeReachesEveryOther(all, "before");

      Party meterHere = Party.durable(rest.get(0).direct(), "meter").subscribed("meter/#");
      String plant = clientIdAtHome(lone);
      Party plantThere = Party.durable(lone.direct(), plant).subscribed(plant + "/#");
      lone.cutOff();
      ContainerCluster.awaitNodes(2, rest);
      ContainerCluster.awaitNodes(1, List.of(lone));
      theCutIsReal(rest.get(0), lone);
      // The later claim has the higher epoch, on whichever side it was made.
      Party meterThere = Party.durable(lone.direct(), "meter").subscribed("meter/#");
      Party plantHere = Party.durable(rest.get(1).direct(), plant).subscribed(plant + "/#");
      assertThat(List.of(meterHere, meterThere, plantHere, plantThere))
          .allMatch(Party::isConnected);

      lone.bringBack();
      ContainerCluster.awaitNodes(3, all);
      onlyTheWinnerIsLeft("meter", meterThere, meterHere, all, lone);
      onlyTheWinnerIsLeft(plant, plantHere, plantThere, all, rest.get(1));
      everyNodeReachesEveryOther(all, "after");
      everyDoorLeadsHome(all);
      nobodyIsConnectedTwice(all, subscribers.size() + 2);
      meterThere.disconnect();
      plantHere.disconnect();
      subscribers.forEach(Party::disconnect);
    }
  }

  /**
   * A session is on two nodes. Cut off from both, a node closes the client's connection, so this
   * one has to be at home there.
   */
  private static String clientIdAtHome(NodeContainer node) {
    return IntStream.range(0, 100)
        .mapToObj(i -> "plant-" + i)
        .filter(id -> node.name().equals(homeOf(id, node)))
        .findFirst()
        .orElseThrow();
  }

  private static String homeOf(String clientId, NodeContainer door) {
    Party client = Party.at(door.direct(), clientId);
    String home = door.json("/api/v1/clients/" + clientId).getString("home");
    client.disconnect();
    return home;
  }

  /** Old subscriptions, new publishers; repeated where routes may still be on their way. */
  private void everyNodeReachesEveryOther(List<NodeContainer> nodes, String when) {
    for (NodeContainer from : nodes) {
      Party publisher = Party.at(from.sticky(), "pub-" + from.name());
      for (MqttQos qos : MqttQos.values()) {
        String text = when + " from " + from.name() + " at " + qos;
        publisher.publish("all/" + from.name(), text, qos);
        for (Party subscriber : subscribers) {
          await(text + " to " + subscriber).atMost(WAIT).until(() -> subscriber.hasReceived(text));
        }
      }
      publisher.disconnect();
    }
  }

  private void theCutIsReal(NodeContainer here, NodeContainer there) {
    Party publisher = Party.at(here.direct(), "pub-during");
    publisher.publish("all/during", "during", MqttQos.AT_LEAST_ONCE);
    await().atMost(WAIT).until(() -> subscribers.get(1).hasReceived("during"));
    assertThat(subscribers.get(2).hasReceived("during")).as("at %s", there.name()).isFalse();
    publisher.disconnect();
  }

  private static void onlyTheWinnerIsLeft(
      String clientId, Party winner, Party loser, List<NodeContainer> nodes, NodeContainer host) {
    await(clientId + " is told").atMost(WAIT).until(() -> !loser.isConnected());
    assertThat(loser.disconnectReason()).hasToString("SESSION_TAKEN_OVER");
    for (NodeContainer node : nodes) {
      await(clientId + " seen by " + node.name())
          .atMost(WAIT)
          .ignoreExceptions()
          .until(
              () -> host.name().equals(node.json("/api/v1/clients/" + clientId).getString("host")));
    }
    for (NodeContainer from : nodes) {
      Party publisher = Party.at(from.direct(), "pub-" + clientId);
      publisher.publish(clientId + "/x", "from " + from.name(), MqttQos.AT_LEAST_ONCE);
      publisher.disconnect();
      await(clientId + " from " + from.name())
          .atMost(WAIT)
          .until(() -> winner.hasReceived("from " + from.name()));
    }
    assertThat(winner.isConnected()).as("%s is still connected", clientId).isTrue();
  }

  private static void everyDoorLeadsHome(List<NodeContainer> nodes) {
    for (NodeContainer door : nodes) {
      Party client = Party.at(door.sticky(), "homing");
      var seen = door.json("/api/v1/clients/homing");
      assertThat(seen.getString("host")).isEqualTo(seen.getString("home"));
      client.disconnect();
    }
  }

  /** Nodes count their own sockets and tell each other, which takes a moment. */
  private static void nobodyIsConnectedTwice(List<NodeContainer> nodes, int connections) {
    for (NodeContainer node : nodes) {
      await("connections counted by " + node.name())
          .atMost(WAIT)
          .untilAsserted(
              () ->
                  assertThat(
                          node.json("/api/v1/nodes").getJsonArray("nodes").stream()
                              .mapToInt(each -> ((JsonObject) each).getInteger("connections"))
                              .sum())
                      .isEqualTo(connections));
    }
  }
}
