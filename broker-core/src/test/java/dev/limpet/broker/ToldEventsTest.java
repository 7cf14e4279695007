package dev.limpet.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.limpet.broker.connection.ConnectionOptions;
import dev.limpet.broker.connection.ProtocolOptions;
import dev.limpet.broker.connection.codec.Packet.Connect;
import dev.limpet.broker.connection.codec.Packet.Disconnect;
import dev.limpet.broker.events.HeardLines;
import dev.limpet.broker.mqtt.ProtocolVersion;
import dev.limpet.broker.mqtt.Qos;
import dev.limpet.broker.mqtt.ReasonCode;
import dev.limpet.broker.spi.Authentication;
import dev.limpet.broker.spi.Authenticator;
import dev.limpet.broker.spi.Authorizer;
import dev.limpet.broker.spi.ClientIdentity;
import dev.limpet.broker.spi.Decision;
import dev.limpet.broker.topic.SharedFilter;
import dev.limpet.broker.topic.TopicName;
import dev.limpet.broker.wire.ConnectSpec;
import dev.limpet.broker.wire.RawClient;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Issue 7, item 19. The kind: something happens to a client, and nobody can find out what and why.
 * Each thing is a line at the default level that names the client, and a count.
 */
class ToldEventsTest {
  private static final String FROM = " from 127\\.0\\.0\\.1:\\d+ ";

  private final HeardLines heard = new HeardLines();
  private TestBroker broker;

  /** Asks for the password "right"; a client without a name is somebody, too. */
  private static final Authenticator PASSWORDS =
      (request, origin) ->
          CompletableFuture.completedFuture(
              request.password() != null && !request.password().toString().equals("right")
                  ? Authentication.deny(ReasonCode.BAD_USER_NAME_OR_PASSWORD)
                  : request.userName() == null
                      ? Authentication.ANONYMOUS
                      : Authentication.user(request.userName()));

  /** Nobody may touch "forbidden". */
  private static final Authorizer RULES =
      new Authorizer() {
        @Override
        public CompletableFuture<Decision> mayPublish(ClientIdentity client, TopicName topic) {
          return (topic.value().equals("forbidden") ? Decision.DENY : Decision.ALLOW).now();
        }

        @Override
        public CompletableFuture<Decision> maySubscribe(
            ClientIdentity client, SharedFilter filter) {
          return mayPublish(client, TopicName.of(filter.filter().value()));
        }
      };

  @BeforeEach
  void start() {
    ConnectionOptions connection =
        ConnectionOptions.builder()
            .packetBytesMax(1_000)
            .topicAliasMaximum(4)
            .protocol(ProtocolOptions.builder().keepAliveSecondsMax(65_535).build())
            .build();
    broker =
        new TestBroker.Setup()
            .options(BrokerOptions.builder().connection(connection).build())
            .authenticator(PASSWORDS)
            .authorizer(RULES)
            .start();
  }

  @AfterEach
  void close() {
    broker.close();
    heard.close();
  }

  /** Awaits the line, and that it is the only one of its kind. */
  private void expectLine(String kind, String pattern) {
    await()
        .untilAsserted(
            () -> assertThat(heard.lines()).anySatisfy(line -> assertThat(line).matches(pattern)));
    assertThat(
            broker.registry.get("limpet.client.events").tag("kind", kind).functionCounter().count())
        .isOne();
  }

  @Test
  void a_connect_and_a_goodbye() {
    RawClient client = broker.connect(ConnectSpec.v5("a").keepAlive(60).userName("alice"));
    client.send(Disconnect.of(ReasonCode.SUCCESS));
    client.expectEnd();
    expectLine(
        "connected",
        "client 'a' \\(user 'alice'\\)"
            + FROM
            + "connected: MQTT 5\\.0, transient session, keep alive 60 s");
    expectLine(
        "disconnected", "client 'a' \\(user 'alice'\\)" + FROM + "disconnected: it said goodbye");
  }

  @Test
  void a_socket_that_goes_without_a_word() {
    broker.connect(ConnectSpec.v3("a").durable()).close();
    expectLine("disconnected", "client 'a'" + FROM + "disconnected: it closed its side.*");
  }

  @Test
  void a_wrong_password() {
    try (RawClient client = RawClient.open(broker.port(), ProtocolVersion.V5)) {
      client.connect(ConnectSpec.v5("a").userName("mallory").password("guess"));
      expectLine(
          "login_refused",
          "client 'a' \\(user 'mallory'\\)"
              + FROM
              + "was refused: bad user name or password \\(0x86\\)");
    }
  }

  @Test
  void a_will_that_may_not_be() {
    try (RawClient client = RawClient.open(broker.port(), ProtocolVersion.V5)) {
      client.connect(ConnectSpec.v5("a").will("forbidden", "x", 0));
      expectLine("login_refused", "client 'a'" + FROM + "was refused: its will may not .*");
    }
  }

  @Test
  void a_protocol_nobody_knows() {
    try (RawClient client = RawClient.open(broker.port(), ProtocolVersion.V3_1_1)) {
      client.sendHex("100d00044d515454090200000001" + "61");
      expectLine("protocol_error", "a client" + FROM + "was closed for what it sent: .*\\(0x84\\)");
    }
  }

  /** The report's own case: a reset, and not a line. */
  @Test
  void a_packet_that_is_too_large() {
    try (RawClient client = broker.connect(ConnectSpec.v3("a"))) {
      client.send(RawClient.publish("t", "x".repeat(2_000), Qos.AT_MOST_ONCE, 0));
      client.expectEnd();
      expectLine("protocol_error", "client 'a'" + FROM + "was closed for what it sent: .*0x95.*");
    }
  }

  @Test
  void a_client_that_falls_silent() {
    try (RawClient client = broker.connect(ConnectSpec.v3("a").keepAlive(1))) {
      client.expectEnd();
      expectLine("keep_alive", "client 'a'" + FROM + "was closed for its silence: .*");
    }
  }

  @Test
  void a_takeover() {
    try (RawClient first = broker.connect(ConnectSpec.v5("a"));
        RawClient second = broker.connect(ConnectSpec.v5("a"))) {
      first.expectDisconnect(ReasonCode.SESSION_TAKEN_OVER);
      expectLine("taken_over", "client 'a'" + FROM + "was taken over: a newer .*0x8e\\)");
      second.ping();
    }
  }

  @Test
  void topics_that_are_refused() {
    try (RawClient client = broker.connect(ConnectSpec.v3("a"))) {
      client.publish("forbidden", "x", Qos.AT_LEAST_ONCE);
      expectLine("topic_refused", "client 'a'" + FROM + "was not allowed: PUBLISH to 'forbidden'");
      client.subscribe("forbidden", Qos.AT_LEAST_ONCE);
      await().until(() -> heard.about("SUBSCRIBE to 'forbidden'").size() == 1);
    }
  }

  @Test
  void a_message_that_is_dropped() {
    try (RawClient narrow = broker.connect(ConnectSpec.v5("a").maximumPacketBytes(64))) {
      narrow.subscribe("t", Qos.AT_MOST_ONCE);
      try (RawClient publisher = broker.connect(ConnectSpec.v5("b"))) {
        publisher.publish("t", "x".repeat(200), Qos.AT_LEAST_ONCE);
      }
      expectLine(
          "dropped",
          "client 'a'"
              + FROM
              + "lost a message: it accepts no packet so large .*: topic 't', QoS 0");
    }
  }

  @Test
  void a_client_id_forges_no_line() {
    try (RawClient client = RawClient.open(broker.port(), ProtocolVersion.V5)) {
      client.send(new Connect(ConnectSpec.v5("a\n12:00:00 ERROR \u001b[2J").request()));
      await().until(() -> !heard.about("\\u000a12:00:00 ERROR \\u001b[2J").isEmpty());
      assertThat(heard.lines()).noneMatch(line -> line.contains("\n") || line.contains("\u001b"));
    }
  }
}
