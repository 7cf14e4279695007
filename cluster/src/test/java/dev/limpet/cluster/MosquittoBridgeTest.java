package dev.limpet.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.limpet.broker.connection.codec.Packet.Publish;
import dev.limpet.broker.mqtt.Qos;
import dev.limpet.broker.wire.ConnectSpec;
import dev.limpet.broker.wire.RawClient;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Issue 7, item 9, with a real mosquitto and what it does by default: its will and its
 * notifications, the bridge bit of 3.1 and 3.1.1, the options of v5. The bridge ends at one node,
 * and what is looked at comes from the other. Skipped where mosquitto is not installed.
 */
class MosquittoBridgeTest {
  private static EmbeddedCluster cluster;

  @TempDir private Path folder;
  private Process mosquitto;
  private int mosquittoPort;

  @BeforeAll
  static void start() {
    assumeThat(installed()).as("mosquitto, the server, is installed").isPresent();
    cluster = EmbeddedCluster.start(2);
  }

  @AfterAll
  static void stop() {
    if (cluster != null) {
      cluster.close();
    }
  }

  @AfterEach
  void end() throws InterruptedException {
    if (mosquitto != null) {
      mosquitto.destroyForcibly().waitFor();
    }
  }

  private static Optional<Path> installed() {
    String path = System.getenv("PATH") + File.pathSeparator + "/usr/sbin";
    return Arrays.stream(path.split(File.pathSeparator))
        .map(folder -> Path.of(folder, "mosquitto"))
        .filter(Files::isExecutable)
        .findFirst();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static RawClient limpet(int node, ConnectSpec spec) {
    return RawClient.connect(cluster.node(node).directPort(), spec);
  }

  private RawClient site() {
    return RawClient.connect(mosquittoPort, ConnectSpec.v3("at-the-site"));
  }

  /** Starts mosquitto with a bridge to the first node, and waits for its port. */
  private void bridge(String name, String version, String topics) throws Exception {
    mosquittoPort = freePort();
    Path config =
        Files.writeString(
            folder.resolve("mosquitto.conf"),
            """
            listener %d 127.0.0.1
            allow_anonymous true
            connection %s
            address 127.0.0.1:%d
            remote_clientid %s
            bridge_protocol_version %s
            restart_timeout 1
            %s
            """
                .formatted(
                    mosquittoPort, name, cluster.node(0).directPort(), name, version, topics));
    mosquitto =
        new ProcessBuilder(installed().orElseThrow().toString(), "-c", config.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("mosquitto.log").toFile())
            .start();
  }

  private static String stateOf(String name) {
    return "$SYS/broker/connection/" + name + "/state";
  }

  /** The next message but for the first ones, which may come live and retained. */
  private static Publish next(RawClient client, String payload) {
    Publish next = client.takeAll(1).get(0);
    while (next.payload().toString().equals("first") && !payload.equals("first")) {
      next = client.takeAll(1).get(0);
    }
    assertThat(next.payload()).hasToString(payload);
    return next;
  }

  private static void awaitState(RawClient watcher, String payload) {
    Publish next = watcher.takeAll(1).get(0);
    while (!next.payload().toString().equals(payload)) {
      next = watcher.takeAll(1).get(0);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"mqttv31", "mqttv311", "mqttv50"})
  void messages_go_both_ways_once_and_the_state_is_known_everywhere(String version)
      throws Exception {
    String name = "bridge-" + version;
    try (RawClient watcher = limpet(1, ConnectSpec.v5("watcher"));
        RawClient central = limpet(1, ConnectSpec.v5("central"))) {
      watcher.subscribe(stateOf(name), Qos.AT_LEAST_ONCE);
      bridge(name, version, "topic # both 1 site/ remote/" + version + "/");
      awaitState(watcher, "1");
      central.subscribe("remote/#", Qos.AT_LEAST_ONCE);
      try (RawClient site = site()) {
        site.subscribe("site/#", Qos.AT_LEAST_ONCE);
        awaitBridged(central, site, version);
        central.publish("remote/" + version + "/down", "order", Qos.AT_MOST_ONCE);
        assertThat(next(central, "order").topic()).hasToString("remote/" + version + "/down");
        assertThat(next(site, "order").topic()).hasToString("site/down");
        site.publish("site/up", "value", Qos.AT_MOST_ONCE);
        assertThat(next(site, "value").topic()).hasToString("site/up");
        assertThat(next(central, "value").topic()).hasToString("remote/" + version + "/up");
        site.publish("site/last", "one more", Qos.AT_MOST_ONCE);
        next(site, "one more"); // nothing came back in between, nor
        next(central, "one more"); // here
      }
      try (RawClient late = limpet(1, ConnectSpec.v3("late"))) {
        late.subscribe("$SYS/broker/connection/+/state", Qos.AT_LEAST_ONCE);
        Publish state = late.takeAll(1).get(0);
        while (!String.valueOf(state.topic()).equals(stateOf(name))) {
          state = late.takeAll(1).get(0);
        }
        assertThat(state.retain()).isTrue();
        assertThat(state.payload()).hasToString("1");
      }
      mosquitto.destroyForcibly().waitFor();
      awaitState(watcher, "0");
    }
  }

  /** The bridge says that it is connected before it has subscribed: what is retained waits. */
  private static void awaitBridged(RawClient central, RawClient site, String version) {
    String topic = "remote/" + version + "/first";
    central.send(RawClient.publish(topic, "first", Qos.AT_MOST_ONCE, 0, true));
    next(central, "first");
    next(site, "first");
  }

  @Test
  void a_bridge_that_takes_everything_does_not_loop() throws Exception {
    String name = "bridge-all";
    try (RawClient watcher = limpet(1, ConnectSpec.v5("watcher-all"));
        RawClient central = limpet(1, ConnectSpec.v5("central-all"))) {
      watcher.subscribe(stateOf(name), Qos.AT_LEAST_ONCE);
      bridge(name, "mqttv311", "topic # both 1");
      awaitState(watcher, "1");
      central.subscribe("all/#", Qos.AT_LEAST_ONCE);
      try (RawClient site = site()) {
        site.subscribe("all/#", Qos.AT_LEAST_ONCE);
        central.send(RawClient.publish("all/first", "first", Qos.AT_MOST_ONCE, 0, true));
        next(central, "first");
        next(site, "first");
        for (int i = 0; i < 20; i++) {
          site.publish("all/up", "u" + i, Qos.AT_MOST_ONCE);
          next(site, "u" + i);
          next(central, "u" + i);
          central.publish("all/down", "d" + i, Qos.AT_MOST_ONCE);
          next(central, "d" + i);
          next(site, "d" + i);
        }
        site.ping();
        central.ping();
      }
    }
  }
}
