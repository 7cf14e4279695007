package dev.limpet.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient;
import com.hivemq.client.mqtt.mqtt5.Mqtt5Client;
import com.hivemq.client.mqtt.mqtt5.Mqtt5ClientBuilder;
import dev.limpet.broker.listener.Certificates;
import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.spi.Authenticator;
import dev.limpet.broker.spi.Authorizer;
import dev.limpet.broker.spi.BrokerEvents;
import dev.limpet.broker.spi.Claim;
import dev.limpet.broker.spi.ClientIdentity;
import dev.limpet.cluster.config.ListenerMode;
import dev.limpet.cluster.config.ListenerScheme;
import dev.limpet.cluster.config.ListenerTerms;
import dev.limpet.cluster.config.ListenerUri;
import dev.limpet.cluster.http.NodeStatus;
import dev.limpet.cluster.member.MemberOptions;
import io.netty.pkitesting.X509Bundle;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Sticky listeners of all kinds, for clients at home and for clients that are brought there. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ListenersTest {
  private static final String LOOPBACK = "127.0.0.1";

  private record Seen(String node, ClientIdentity client) {}

  private final List<EmbeddedNode> nodes = new ArrayList<>();
  private final Map<String, Seen> seen = new ConcurrentHashMap<>();
  private final String clusterName = "listeners-" + UUID.randomUUID();
  private Certificates certificates;
  private ListenerTerms tls;

  @BeforeAll
  void start(@TempDir Path folder) {
    certificates = new Certificates(folder);
    X509Bundle server = certificates.issue("node.example");
    ListenerTerms.Certificate own =
        new ListenerTerms.Certificate(
            certificates.certificateFile("node", server), certificates.keyFile("node", server));
    tls =
        new ListenerTerms(
            List.of(),
            List.of(own),
            Optional.of(certificates.authorityFile()),
            OptionalInt.empty(),
            OptionalInt.empty());
    add();
    add();
    await().until(this::isSettled);
  }

  /** Homes do not move any more: both nodes have some and agree on them. */
  private boolean isSettled() {
    List<List<String>> homes = nodes.stream().map(node -> homes(node, "a").toList()).toList();
    HazelcastCluster first = nodes.get(0).broker().cluster();
    return homes.stream().distinct().count() == 1
        && homes.get(0).stream().distinct().count() == 2
        && first.hazelcast().getPartitionService().isClusterSafe();
  }

  private Stream<String> homes(EmbeddedNode node, String prefix) {
    return Stream.iterate(0, i -> i + 1)
        .limit(100)
        .map(i -> node.broker().cluster().membership().homeOf(ClientId.of(prefix + i)).name());
  }

  private void add() {
    String name = "n" + nodes.size();
    List<String> join =
        nodes.stream().map(node -> LOOPBACK + ":" + node.broker().cluster().port()).toList();
    List<ListenerUri> listeners =
        Stream.of(ListenerScheme.values())
            .map(
                scheme ->
                    new ListenerUri(
                        scheme,
                        LOOPBACK,
                        0,
                        scheme.isWebSocket() ? "/mqtt" : "",
                        ListenerMode.STICKY,
                        scheme.isTls() ? tls : ListenerTerms.NONE))
            .toList();
    BrokerEvents events =
        new BrokerEvents() {
          @Override
          public void connected(Claim claim, ClientIdentity client) {
            seen.put(client.clientId().value(), new Seen(name, client));
          }
        };
    EmbeddedNode node =
        new EmbeddedNode(
            ClusteredBrokerOptions.builder(
                    name,
                    ClusterOptions.of(
                        MemberOptions.builder()
                            .clusterName(clusterName)
                            .port(0)
                            .join(join)
                            .partitionCount(47)
                            .silenceSecondsMax(30)
                            .build()))
                .listeners(listeners)
                .guards(
                    new ClusteredBrokerOptions.Guards(
                        Authenticator.ANONYMOUS, Authorizer.ALLOW_ALL, events))
                .build());
    node.start().toCompletableFuture().join();
    nodes.add(node);
  }

  @AfterAll
  void stop() {
    nodes.forEach(node -> node.stop().toCompletableFuture().join());
  }

  /** Issue 7, item 20. The kind: what operators are shown of another node is not what it has. */
  @Test
  void every_node_shows_the_listeners_of_all_as_they_are() {
    for (EmbeddedNode node : nodes) {
      List<NodeStatus> shown = node.broker().view().nodes().toCompletableFuture().join();
      assertThat(shown).hasSameSizeAs(nodes);
      for (int i = 0; i < nodes.size(); i++) {
        assertThat(shown.get(i).listeners())
            .containsExactlyInAnyOrderElementsOf(
                nodes.get(i).broker().listeners().stream()
                    .map(each -> each.endpoint() + "?mode=sticky")
                    .toList())
            .anyMatch(each -> each.startsWith("wss://127.0.0.1:") && each.contains("/mqtt?"));
      }
    }
  }

  private Mqtt5BlockingClient client(ListenerScheme scheme, String id) throws Exception {
    int port =
        nodes.get(0).broker().listeners().stream()
            .filter(listener -> listener.scheme() == scheme)
            .findFirst()
            .orElseThrow()
            .port();
    Mqtt5ClientBuilder builder =
        Mqtt5Client.builder().identifier(id).serverHost(LOOPBACK).serverPort(port);
    if (scheme.isWebSocket()) {
      builder = builder.webSocketConfig().serverPath("mqtt").applyWebSocketConfig();
    }
    if (scheme.isTls()) {
      builder =
          builder
              .sslConfig()
              .trustManagerFactory(certificates.authority().toTrustManagerFactory())
              .keyManagerFactory(certificates.issue("alice").toKeyManagerFactory())
              .hostnameVerifier((host, session) -> true)
              .applySslConfig();
    }
    return builder.buildBlocking();
  }

  private String idAtHome(ListenerScheme scheme, String node) {
    return Stream.iterate(0, i -> i + 1)
        .map(i -> scheme.word() + i)
        .filter(
            id ->
                nodes
                    .get(0)
                    .broker()
                    .cluster()
                    .membership()
                    .homeOf(ClientId.of(id))
                    .name()
                    .equals(node))
        .findFirst()
        .orElseThrow();
  }

  @ParameterizedTest
  @EnumSource(ListenerScheme.class)
  void a_client_is_served_at_home_however_it_comes(ListenerScheme scheme) throws Exception {
    for (String home : List.of("n0", "n1")) {
      String id = idAtHome(scheme, home);
      Mqtt5BlockingClient client = client(scheme, id);
      client.connect();
      try (Mqtt5BlockingClient.Mqtt5Publishes received =
          client.publishes(MqttGlobalPublishFilter.ALL)) {
        client.subscribeWith().topicFilter(id + "/#").qos(MqttQos.EXACTLY_ONCE).send();
        byte[] large = new byte[400_000];
        client.publishWith().topic(id + "/x").qos(MqttQos.EXACTLY_ONCE).payload(large).send();
        assertThat(received.receive().getPayloadAsBytes()).isEqualTo(large);
      }
      client.disconnect();
      assertThat(seen.get(id).node()).isEqualTo(home);
      assertThat(seen.get(id).client().address()).startsWith(LOOPBACK + ":");
      assertThat(seen.get(id).client().userName()).isEqualTo(scheme.isTls() ? "alice" : null);
    }
    await().until(() -> nodes.stream().allMatch(node -> connections(node) == 0));
  }

  private static double connections(EmbeddedNode node) {
    return node.meters().find("limpet.listener.connections").gauges().stream()
        .mapToDouble(gauge -> gauge.value())
        .sum();
  }
}
