package dev.limpet.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.limpet.broker.access.PasswordEditor;
import dev.limpet.broker.connection.codec.Packet.Connack;
import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.mqtt.ProtocolVersion;
import dev.limpet.broker.mqtt.Qos;
import dev.limpet.broker.mqtt.ReasonCode;
import dev.limpet.broker.wire.ConnectSpec;
import dev.limpet.broker.wire.RawClient;
import dev.limpet.cluster.config.NodeOptions;
import dev.limpet.cluster.config.OptionKey;
import dev.limpet.cluster.config.Setting;
import dev.limpet.cluster.config.Settings;
import dev.limpet.cluster.member.MemberOptions;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A sticky listener with users and rules of its own, on nodes that let everybody in. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ListenerAccessTest {
  private static final String LOOPBACK = "127.0.0.1";

  private final List<EmbeddedNode> nodes = new ArrayList<>();
  private final List<NodeAccess> accesses = new ArrayList<>();
  private final String clusterName = "access-" + UUID.randomUUID();
  private Path users;
  private Path rules;
  private NodeOptions options;

  @BeforeAll
  void start(@TempDir Path folder) throws IOException {
    users = folder.resolve("users");
    PasswordEditor.put(users, "alice", "secret", false);
    rules = folder.resolve("rules");
    Files.writeString(rules, "user alice\ntopic readwrite ok/#\ntopic readwrite later/#\n");
    String guarded =
        "mqtt://127.0.0.1:0?mode=sticky&password-file=%s&acl-file=%s".formatted(users, rules);
    options =
        NodeOptions.of(
            Settings.merge(
                List.of(
                    List.of(
                        Setting.ofFlag(OptionKey.ACL_SUBSCRIBE, List.of("covered")),
                        Setting.ofFlag(
                            OptionKey.LISTENER,
                            List.of(guarded, "mqtt://127.0.0.1:0?mode=direct"))))));
    add();
    add();
    await().until(() -> nodes.stream().allMatch(ListenerAccessTest::knowsHomes));
  }

  private void add() {
    NodeAccess access = NodeAccess.open(options, new SimpleMeterRegistry());
    accesses.add(access);
    List<String> join =
        nodes.stream().map(node -> LOOPBACK + ":" + node.broker().cluster().port()).toList();
    EmbeddedNode node =
        new EmbeddedNode(
            ClusteredBrokerOptions.builder(
                    "n" + nodes.size(),
                    ClusterOptions.of(
                        MemberOptions.builder()
                            .clusterName(clusterName)
                            .port(0)
                            .join(join)
                            .partitionCount(47)
                            .silenceSecondsMax(30)
                            .build()))
                .listeners(options.listeners())
                .guards(access.guards())
                .build());
    node.start().toCompletableFuture().join();
    nodes.add(node);
  }

  @AfterAll
  void stop() {
    nodes.forEach(node -> node.stop().toCompletableFuture().join());
    accesses.forEach(NodeAccess::close);
  }

  private static boolean knowsHomes(EmbeddedNode node) {
    return homeOf(node, "n0") != null && homeOf(node, "n1") != null;
  }

  /** A client id whose home is that node; null while it has none. */
  private static String homeOf(EmbeddedNode by, String name) {
    return IntStream.range(0, 100)
        .mapToObj(i -> "c" + i)
        .filter(
            id -> by.broker().cluster().membership().homeOf(ClientId.of(id)).name().equals(name))
        .findFirst()
        .orElse(null);
  }

  private static ConnectSpec alice(String id, String password) {
    return ConnectSpec.v5(id).userName("alice").password(password);
  }

  private ReasonCode answer(ConnectSpec spec) {
    try (RawClient client = RawClient.open(nodes.get(0).stickyPort(), ProtocolVersion.V5)) {
      Connack answer = client.connect(spec);
      return answer.reason();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"n0", "n1"})
  void its_clients_meet_its_guards_wherever_their_home_is(String home) {
    String id = homeOf(nodes.get(0), home);
    assertThat(answer(ConnectSpec.v5(id))).isEqualTo(ReasonCode.NOT_AUTHORIZED);
    assertThat(answer(alice(id, "wrong"))).isEqualTo(ReasonCode.BAD_USER_NAME_OR_PASSWORD);
    try (RawClient client = RawClient.connect(nodes.get(0).stickyPort(), alice(id, "secret"))) {
      assertThat(client.subscribe("ok/x", Qos.AT_LEAST_ONCE))
          .containsExactly(ReasonCode.GRANTED_QOS_1);
      assertThat(client.subscribe("no/x", Qos.AT_LEAST_ONCE))
          .containsExactly(ReasonCode.NOT_AUTHORIZED);
      assertThat(client.publish("no/x", "m")).isEqualTo(ReasonCode.NOT_AUTHORIZED);
      client.disconnect();
    }
  }

  @Test
  void clients_of_other_listeners_meet_the_nodes_guards() {
    try (RawClient client =
        RawClient.connect(nodes.get(0).directPort(), ConnectSpec.v5("anybody"))) {
      assertThat(client.subscribe("no/x", Qos.AT_LEAST_ONCE))
          .containsExactly(ReasonCode.GRANTED_QOS_1);
    }
  }

  @Test
  void when_a_password_changes_the_clients_of_its_user_are_closed() throws IOException {
    String id = homeOf(nodes.get(0), "n1");
    PasswordEditor.put(users, "bob", "one", false);
    await()
        .until(
            () -> answer(ConnectSpec.v5(id).userName("bob").password("one")) == ReasonCode.SUCCESS);
    try (RawClient bob =
            RawClient.connect(
                nodes.get(0).stickyPort(), ConnectSpec.v5(id).userName("bob").password("one"));
        RawClient other =
            RawClient.connect(nodes.get(1).directPort(), ConnectSpec.v5("o").userName("bob"))) {
      PasswordEditor.put(users, "bob", "two", false);
      bob.expectDisconnect(ReasonCode.NOT_AUTHORIZED);
      other.ping(); // whom the file never let in
    }
  }

  @Test
  void when_its_rules_change_its_clients_are_asked_again() throws IOException {
    String id = homeOf(nodes.get(0), "n1");
    try (RawClient client = RawClient.connect(nodes.get(0).stickyPort(), alice(id, "secret"));
        RawClient other = RawClient.connect(nodes.get(1).directPort(), ConnectSpec.v5("o"))) {
      client.subscribe("later/x", Qos.AT_LEAST_ONCE);
      other.subscribe("later/x", Qos.AT_LEAST_ONCE);
      Files.writeString(rules, "user alice\ntopic readwrite ok/#\n");
      client.expectDisconnect(ReasonCode.NOT_AUTHORIZED);
      other.ping();
    }
  }
}
