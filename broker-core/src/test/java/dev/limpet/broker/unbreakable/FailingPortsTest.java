package dev.limpet.broker.unbreakable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.limpet.broker.TestBroker;
import dev.limpet.broker.connection.codec.Packet;
import dev.limpet.broker.connection.codec.Packet.Acknowledgement;
import dev.limpet.broker.connection.codec.Packet.Connack;
import dev.limpet.broker.connection.codec.Packet.Connect;
import dev.limpet.broker.connection.codec.Packet.Disconnect;
import dev.limpet.broker.connection.codec.Packet.Publish;
import dev.limpet.broker.connection.codec.Packet.Subscribe;
import dev.limpet.broker.connection.codec.PacketType;
import dev.limpet.broker.connection.codec.SubscribeRequest;
import dev.limpet.broker.mqtt.ProtocolVersion;
import dev.limpet.broker.mqtt.Qos;
import dev.limpet.broker.mqtt.ReasonCode;
import dev.limpet.broker.spi.Authenticator;
import dev.limpet.broker.spi.Authorizer;
import dev.limpet.broker.spi.BrokerEvents;
import dev.limpet.broker.spi.cluster.Cluster;
import dev.limpet.broker.spi.cluster.RouteTable;
import dev.limpet.broker.spi.cluster.SessionDirectory;
import dev.limpet.broker.spi.store.RetainedStore;
import dev.limpet.broker.spi.store.SessionStore;
import dev.limpet.broker.unbreakable.Saboteur.Failure;
import dev.limpet.broker.wire.ConnectSpec;
import dev.limpet.broker.wire.RawClient;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every port, failing in every way while it serves one client: that client is answered or closed,
 * with a reason, others notice nothing, and once the port works again so does the client's id.
 */
class FailingPortsTest {
  private static final Saboteur SABOTEUR = new Saboteur();
  private static final int TIMEOUT_MILLIS = 1_000;
  private static TestBroker broker;
  private static int topics;
  private Bystanders bystanders;

  @BeforeAll
  static void start() {
    broker =
        new TestBroker.Setup()
            .options(QuickOptions.connectTimeout(TIMEOUT_MILLIS))
            .authenticator(SABOTEUR.around(Authenticator.class, Authenticator.ANONYMOUS))
            .authorizer(SABOTEUR.around(Authorizer.class, Authorizer.ALLOW_ALL))
            .events(SABOTEUR.around(BrokerEvents.class, BrokerEvents.NONE))
            .sessions(SABOTEUR.around(SessionStore.class))
            .retained(SABOTEUR.around(RetainedStore.class))
            .cluster(FailingPortsTest::sabotaged)
            .start();
  }

  private static Cluster sabotaged(Cluster real) {
    RouteTable routes = SABOTEUR.around(RouteTable.class, real.routes());
    SessionDirectory directory = SABOTEUR.around(SessionDirectory.class, real.directory());
    return new OtherCluster(real, routes, directory);
  }

  @AfterAll
  static void stop() {
    broker.close();
  }

  @BeforeEach
  void begin() {
    bystanders = new Bystanders(broker.port());
  }

  @AfterEach
  void everybody_is_served_again() {
    SABOTEUR.stop();
    bystanders.awaitServed(5);
    await().until(FailingPortsTest::isServedAgain);
    bystanders.close();
  }

  private static boolean isServedAgain() {
    try (RawClient again = RawClient.open(broker.port(), ProtocolVersion.V5)) {
      Connack connack = again.connect(ConnectSpec.v5(Saboteur.VICTIM).durable());
      if (connack.reason() != ReasonCode.SUCCESS) {
        return false; // something that never answered is still being waited for
      }
      again.send(
          new Subscribe(
              1, 0, List.of(SubscribeRequest.plain("hostile", Qos.AT_LEAST_ONCE)), List.of()));
      again.send(RawClient.publish("hostile", "again", Qos.AT_LEAST_ONCE, 2));
      takeUntil("again", again);
      again.disconnect();
    }
    try (RawClient end = broker.connect(ConnectSpec.v5(Saboteur.VICTIM))) {
      end.disconnect(); // with a clean start, which forgets the session
    }
    return true;
  }

  /** What is left from before comes first. */
  private static void takeUntil(String payload, RawClient client) {
    Packet packet = client.next();
    while (!(packet instanceof Publish publish && publish.payload().toString().equals(payload))) {
      packet = client.next();
    }
  }

  static Stream<Arguments> atConnect() {
    return Stream.of(
            "authenticate", "mayPublish", "claim", "open", "describe", "advertise", "maySubscribe")
        .flatMap(
            method -> Stream.of(Failure.values()).map(failure -> Arguments.of(method, failure)))
        .filter(FailingPortsTest::isQuick);
  }

  /** These take a minute to be given up: see HomeIndexTest and RouteUsersTest. */
  private static boolean isQuick(Arguments arguments) {
    boolean patient = List.of("describe", "advertise").contains(arguments.get()[0]);
    return !patient || arguments.get()[1] != Failure.NEVER_ANSWERS;
  }

  /** A CONNECT with everything: a will, a stored session, its subscriptions. */
  @ParameterizedTest
  @MethodSource("atConnect")
  void a_connect_is_refused_with_a_reason(String method, Failure failure) {
    ConnectSpec spec = ConnectSpec.v5(Saboteur.VICTIM).durable().will("hostile/will", "w", 0);
    try (RawClient before = broker.connect(spec)) {
      before.subscribe(Saboteur.VICTIM, Qos.AT_LEAST_ONCE);
      before.disconnect();
    }
    SABOTEUR.sabotage(method, failure);
    try (RawClient client = RawClient.open(broker.port(), ProtocolVersion.V5)) {
      client.send(new Connect(spec.request()));
      Connack answer = client.expect(Connack.class);
      assertThat(SABOTEUR.calls()).isPositive();
      if (method.equals("maySubscribe") && failure != Failure.NEVER_ANSWERS) {
        assertThat(answer.reason()).isEqualTo(ReasonCode.SUCCESS); // without its subscription
      } else {
        assertThat(answer.reason())
            .isIn(
                ReasonCode.SERVER_UNAVAILABLE,
                ReasonCode.UNSPECIFIED_ERROR,
                ReasonCode.NOT_AUTHORIZED);
        client.expectEnd();
      }
    }
  }

  static Stream<Arguments> whileConnected() {
    return Stream.of(
            "mayPublish",
            "maySubscribe",
            "mayReceive",
            "subscribe",
            "append",
            "receive",
            "acknowledge",
            "describe",
            "advertise",
            "retain",
            "match")
        .flatMap(
            method -> Stream.of(Failure.values()).map(failure -> Arguments.of(method, failure)))
        .filter(FailingPortsTest::isQuick);
  }

  /** Everything a connected client can ask for, in one go. */
  @ParameterizedTest
  @MethodSource("whileConnected")
  void a_packet_costs_no_more_than_the_connection(String method, Failure failure) {
    ConnectSpec anew = ConnectSpec.v5(Saboteur.VICTIM).durable().cleanStart(true);
    try (RawClient client = broker.connect(anew)) {
      String topic = "hostile/" + ++topics;
      client.subscribe(topic + "/+", Qos.AT_LEAST_ONCE);
      client.send(RawClient.publish(topic + "/a", "a", Qos.AT_LEAST_ONCE, 1, true));
      client.expect(Acknowledgement.class);
      int unacknowledged = client.expect(Publish.class).packetId();
      SABOTEUR.sabotage(method, failure);
      client.sendTogether(
          Acknowledgement.of(PacketType.PUBACK, unacknowledged, ReasonCode.SUCCESS),
          new Subscribe(
              2, 0, List.of(SubscribeRequest.plain(topic + "/#", Qos.EXACTLY_ONCE)), List.of()),
          RawClient.publish(topic + "/retained", "r", Qos.EXACTLY_ONCE, 3, true),
          RawClient.publish(topic + "/live", "l", Qos.AT_LEAST_ONCE, 4),
          Packet.Pingreq.INSTANCE);
      await().until(() -> SABOTEUR.calls() > 0);
      bystanders.awaitServed(20);
      boolean authorizer = method.startsWith("may") && !method.equals("mayReceive");
      if (failure != Failure.NEVER_ANSWERS || authorizer) {
        expectAnswerOrGoodbye(client);
      }
    }
  }

  private static void expectAnswerOrGoodbye(RawClient client) {
    Packet packet = client.next();
    while (!(packet instanceof Packet.Pingresp)) {
      if (packet instanceof Disconnect goodbye) {
        assertThat(goodbye.reason()).isIn(ReasonCode.UNSPECIFIED_ERROR, ReasonCode.SERVER_BUSY);
        client.expectEnd();
        return;
      }
      packet = client.next();
    }
  }

  @ParameterizedTest
  @EnumSource(Failure.class)
  void a_goodbye_that_cannot_be_noted_frees_the_id(Failure failure) {
    for (String method : new String[] {"close", "release", "withdraw", "disconnected"}) {
      RawClient client = broker.connect(ConnectSpec.v5(Saboteur.VICTIM).durable());
      client.subscribe(Saboteur.VICTIM, Qos.AT_LEAST_ONCE);
      SABOTEUR.sabotage(method, failure);
      client.disconnect();
      bystanders.awaitServed(5);
      SABOTEUR.stop();
      await().until(FailingPortsTest::isServedAgain);
    }
  }
}
