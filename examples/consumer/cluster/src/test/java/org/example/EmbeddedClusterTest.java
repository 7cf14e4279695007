package org.example;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.hivemq.client.mqtt.MqttClient;
import dev.limpet.cluster.EmbeddedCluster;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A cluster, without what only the executable needs. */
class EmbeddedClusterTest {

  @Test
  void clients_connect_to_a_cluster_in_this_test() {
    try (var cluster = EmbeddedCluster.start(2)) {
      assertEquals(2, cluster.nodes().size());
      for (var node : cluster.nodes()) {
        var client =
            MqttClient.builder().useMqttVersion5().serverPort(node.stickyPort()).buildBlocking();
        client.connect();
        assertTrue(client.getState().isConnected());
        client.disconnect();
      }
    }
  }

  // Jackson's streaming core comes with Vert.x itself.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "ch.qos.logback.classic.Logger",
        "ch.qos.logback.core.Context",
        "picocli.CommandLine",
        "com.fasterxml.jackson.databind.ObjectMapper",
        "com.fasterxml.jackson.dataformat.yaml.YAMLFactory",
        "org.yaml.snakeyaml.Yaml"
      })
  void the_executable_s_libraries_are_not_on_the_class_path(String name) {
    assertThrows(ClassNotFoundException.class, () -> Class.forName(name));
  }
}
