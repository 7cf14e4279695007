package dev.limpet.cluster.cli;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.limpet.broker.BrokerOptions;
import dev.limpet.broker.access.AccessFile;
import dev.limpet.cluster.cli.client.CliException;
import dev.limpet.cluster.config.HandshakeLimits;
import dev.limpet.cluster.config.ListenerMode;
import dev.limpet.cluster.config.ListenerUri;
import dev.limpet.cluster.config.NetworkAddress;
import dev.limpet.cluster.config.NodeOptions;
import dev.limpet.cluster.view.SplitMode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is tried before a node starts. */
class PreflightTest {

  private static final String HOST = "127.0.0.1";
  private final CompletableFuture<String> end = new CompletableFuture<>();
  private ServerSocket taken;
  private int free;

  @BeforeEach
  void findPorts() throws IOException {
    taken = new ServerSocket(0, 1, InetAddress.getByName(HOST));
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(HOST))) {
      free = socket.getLocalPort();
    }
  }

  @AfterEach
  void giveBack() throws IOException {
    taken.close();
  }

  @Test
  void a_port_in_use_is_named_with_its_option() {
    assertRefused(options(HOST, 0, taken.getLocalPort(), free, List.of()), "opened for --http");
    assertRefused(options(HOST, 0, 0, taken.getLocalPort(), List.of()), "opened for --cluster");
    assertRefused(
        options(HOST, taken.getLocalPort(), 0, free, List.of()),
        "port %1$d on 127.0.0.1 cannot be opened for the listener mqtt://127.0.0.1:%1$d?mode=sticky"
            .formatted(taken.getLocalPort()));
  }

  @Test
  void an_address_of_another_machine_is_named() {
    assertRefused(
        options("192.0.2.1", 0, 0, free, List.of()),
        "--bind is '192.0.2.1', which is not an address of this machine's network interfaces");
  }

  @Test
  void a_node_that_reaches_no_peer_does_not_start_a_cluster_of_its_own() {
    assertRefused(
        options(HOST, 0, 0, free, List.of(new NetworkAddress(HOST, 1))),
        "none of the nodes to join answered within 1 seconds (127.0.0.1:1)");
  }

  @Test
  void a_node_in_its_own_list_may_found_the_cluster() {
    List<NetworkAddress> join =
        List.of(new NetworkAddress(HOST, 1), new NetworkAddress(HOST, free));
    assertThatCode(() -> check(options(HOST, 0, 0, free, join))).doesNotThrowAnyException();
    assertThatCode(() -> check(options("0.0.0.0", 0, 0, free, join))).doesNotThrowAnyException();
  }

  @Test
  void one_peer_that_answers_is_enough() {
    List<NetworkAddress> join =
        List.of(new NetworkAddress(HOST, 1), new NetworkAddress(HOST, taken.getLocalPort()));
    assertThatCode(() -> check(options(HOST, 0, 0, free, join))).doesNotThrowAnyException();
  }

  @Test
  void nobody_waits_for_peers_once_the_end_has_come() {
    end.complete("a signal");
    List<NetworkAddress> join = List.of(new NetworkAddress(HOST, 1));
    assertThatCode(() -> check(options(HOST, 0, 0, free, join))).doesNotThrowAnyException();
  }

  private void assertRefused(NodeOptions options, String sentence) {
    assertThatThrownBy(() -> check(options, Duration.ofSeconds(1)))
        .isInstanceOf(CliException.class)
        .hasMessageContaining(sentence);
  }

  private void check(NodeOptions options) {
    check(options, Duration.ofSeconds(20));
  }

  private void check(NodeOptions options, Duration timeout) {
    new Preflight(options, timeout).check(end);
  }

  private static NodeOptions options(
      String bind, int mqtt, int http, int cluster, List<NetworkAddress> join) {
    return new NodeOptions(
        "a",
        bind,
        List.of(new ListenerUri(bind, mqtt, ListenerMode.STICKY)),
        http,
        new NodeOptions.ClusterOptions("limpet", cluster, join, SplitMode.CONSISTENT, 5_000, false),
        new NodeOptions.AccessOptions(
            true, Optional.empty(), Optional.empty(), AccessFile.Subscriptions.FILTERED),
        new NodeOptions.LogOptions(Optional.empty(), "info"),
        new NodeOptions.Serving(1, HandshakeLimits.DEFAULTS, BrokerOptions.DEFAULTS));
  }
}
