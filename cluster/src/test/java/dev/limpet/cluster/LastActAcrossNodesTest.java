package dev.limpet.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.broker.connection.codec.Packet.Connack;
import dev.limpet.broker.connection.codec.Packet.Connect;
import dev.limpet.broker.connection.codec.Packet.Disconnect;
import dev.limpet.broker.mqtt.ProtocolVersion;
import dev.limpet.broker.mqtt.Qos;
import dev.limpet.broker.mqtt.ReasonCode;
import dev.limpet.broker.wire.ConnectSpec;
import dev.limpet.broker.wire.RawClient;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Issue 7, item 1, on two nodes: a client says goodbye by the relay of a node that is not its home,
 * and is back at once, by whatever way. The schedules are chance here; RelayedSuccessionTest of the
 * broker has the one that matters.
 */
class LastActAcrossNodesTest {
  private static final int ROUNDS = 100;
  private static final int HOME = 1;
  private static EmbeddedCluster cluster;
  private static int ids;

  @BeforeAll
  static void start() {
    cluster = EmbeddedCluster.start(2);
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  static Stream<Arguments> ways() {
    return Stream.of(ProtocolVersion.V3_1_1, ProtocolVersion.V5)
        .flatMap(
            version ->
                Stream.of(
                    Arguments.of(version, "the sticky port of its home", sticky(HOME)),
                    Arguments.of(version, "the direct port of its home", direct(HOME)),
                    Arguments.of(version, "the same sticky port", sticky(1 - HOME)),
                    Arguments.of(version, "another node", direct(1 - HOME))));
  }

  private static int sticky(int node) {
    return cluster.node(node).stickyPort();
  }

  private static int direct(int node) {
    return cluster.node(node).directPort();
  }

  @ParameterizedTest(name = "{0}, back at {1}")
  @MethodSource("ways")
  void no_will_of_a_client_that_said_goodbye(ProtocolVersion version, String way, int port) {
    try (RawClient watcher = RawClient.connect(direct(HOME), ConnectSpec.v5("watcher"))) {
      watcher.subscribe("will", Qos.AT_LEAST_ONCE);
      double unheardBefore = unheard();
      int unheard = 0;
      for (int round = 0; round < ROUNDS; round++) {
        ConnectSpec spec =
            ConnectSpec.of(version, HomeIds.at(cluster, HOME, "guest-" + ids++ + "-")).durable();
        try (RawClient old = RawClient.connect(sticky(1 - HOME), spec.will("will", "first", 0));
            RawClient next = RawClient.open(port, version)) {
          old.send(Disconnect.of(ReasonCode.SUCCESS));
          old.close();
          next.send(new Connect(spec.will("will", "second", 0).request()));
          next.expect(Connack.class);
        }
        unheard += takeWills(watcher);
        // A host that gave up has said so, and only then.
        assertThat(unheard()).isEqualTo(unheardBefore + unheard);
      }
    }
  }

  /** Takes the will of the second connection; how many came before it, of the same client id. */
  private static int takeWills(RawClient watcher) {
    int before = 0;
    while (!watcher.take(1).equals(List.of("second"))) {
      before++;
    }
    return before;
  }

  private static double unheard() {
    return IntStream.range(0, 2)
        .mapToDouble(
            node -> cluster.node(node).meters().get("limpet.connections.unheard").counter().count())
        .sum();
  }
}
