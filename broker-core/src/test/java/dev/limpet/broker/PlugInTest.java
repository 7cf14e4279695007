package dev.limpet.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.limpet.broker.mqtt.ProtocolVersion;
import dev.limpet.broker.mqtt.Qos;
import dev.limpet.broker.mqtt.ReasonCode;
import dev.limpet.broker.spi.Authentication;
import dev.limpet.broker.spi.Authorizer;
import dev.limpet.broker.spi.BrokerEvents;
import dev.limpet.broker.spi.Claim;
import dev.limpet.broker.spi.ClientIdentity;
import dev.limpet.broker.spi.Decision;
import dev.limpet.broker.topic.SharedFilter;
import dev.limpet.broker.topic.TopicName;
import dev.limpet.broker.wire.ConnectSpec;
import dev.limpet.broker.wire.RawClient;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** What plug-ins decide, and what it costs when they fail. */
class PlugInTest {
  private final CompletableFuture<Authentication> later = new CompletableFuture<>();
  private final List<String> heard = new CopyOnWriteArrayList<>();

  @Test
  void the_authenticator_decides_who_may_connect() {
    try (TestBroker broker = authenticating()) {
      assertThat(connack(broker, ConnectSpec.v5("a").userName("good")))
          .isEqualTo(ReasonCode.SUCCESS);
      assertThat(connack(broker, ConnectSpec.v5("a").userName("bad")))
          .isEqualTo(ReasonCode.BAD_USER_NAME_OR_PASSWORD);
      assertThat(connack(broker, ConnectSpec.v3("a").userName("bad")).connackReturnCode())
          .isEqualTo(4);
    }
  }

  @Test
  void an_authenticator_that_fails_costs_only_that_connect() {
    try (TestBroker broker = authenticating();
        RawClient other = broker.connect(ConnectSpec.v5("other").userName("good"))) {
      for (String user : List.of("throws", "fails", "null")) {
        assertThat(connack(broker, ConnectSpec.v5("a").userName(user)))
            .as(user)
            .isIn(ReasonCode.UNSPECIFIED_ERROR, ReasonCode.SERVER_UNAVAILABLE);
      }
      other.ping();
      broker.awaitConnections(1);
      assertThat(broker.isKnown("a")).isFalse();
    }
  }

  @Test
  void a_client_that_gave_up_during_authentication_takes_nothing_over() {
    try (TestBroker broker = authenticating()) {
      RawClient impatient = RawClient.open(broker.port(), ProtocolVersion.V5);
      ConnectSpec slow = ConnectSpec.v5("same").userName("later");
      impatient.send(new dev.limpet.broker.connection.codec.Packet.Connect(slow.request()));
      await().until(() -> later.getNumberOfDependents() > 0);
      try (RawClient second = broker.connect(ConnectSpec.v5("same").userName("good"))) {
        // The broker sees the end of the first before the ping of a third that came after it.
        impatient.close();
        await().until(() -> pingsThrough(broker));
        later.complete(Authentication.user("later"));
        await().until(() -> pingsThrough(broker));
        second.ping();
      }
      assertThat(broker.count("limpet.takeovers")).isZero();
    }
  }

  @Test
  void the_authorizer_decides_about_topics_filters_and_wills() {
    try (TestBroker broker = authorizing()) {
      try (RawClient client = broker.connect(ConnectSpec.v5("c"))) {
        assertThat(client.subscribe("secret/#", Qos.AT_LEAST_ONCE))
            .containsExactly(ReasonCode.NOT_AUTHORIZED);
        client.subscribe("open", Qos.AT_LEAST_ONCE);
        assertThat(client.publish("secret/x", "no")).isEqualTo(ReasonCode.NOT_AUTHORIZED);
        client.publish("secret/x", "no", Qos.AT_MOST_ONCE);
        client.ping();
      }
      assertThat(connack(broker, ConnectSpec.v5("w").will("secret/w", "no", 0)))
          .isEqualTo(ReasonCode.NOT_AUTHORIZED);
      assertThat(connack(broker, ConnectSpec.v3("w").will("open/w", "yes", 0)))
          .isEqualTo(ReasonCode.SUCCESS);
    }
  }

  @Test
  void an_authorizer_that_throws_is_a_refusal() {
    try (TestBroker broker = authorizing();
        RawClient client = broker.connect(ConnectSpec.v5("c"))) {
      assertThat(client.publish("throws", "x")).isEqualTo(ReasonCode.NOT_AUTHORIZED);
      assertThat(client.subscribe("throws", Qos.AT_LEAST_ONCE))
          .containsExactly(ReasonCode.NOT_AUTHORIZED);
      assertThat(connack(broker, ConnectSpec.v5("w").will("throws", "x", 0)))
          .isEqualTo(ReasonCode.NOT_AUTHORIZED);
      client.ping();
      assertThat(broker.isKnown("w")).isFalse();
    }
  }

  @Test
  void events_tell_of_each_connection_once_and_may_throw() {
    try (TestBroker broker = new TestBroker.Setup().events(throwing()).start()) {
      try (RawClient first = broker.connect(ConnectSpec.v5("e").durable());
          RawClient second = broker.connect(ConnectSpec.v5("e").durable())) {
        first.expectDisconnect(ReasonCode.SESSION_TAKEN_OVER);
        second.subscribe("x", Qos.AT_LEAST_ONCE);
        second.publish("x", "still works");
        second.take("still works");
        second.disconnect();
      }
      await().until(() -> heard.size() == 4);
      assertThat(heard)
          .containsExactlyInAnyOrder(
              "connected e", "SESSION_TAKEN_OVER e", "connected e", "SUCCESS e");
    }
  }

  private TestBroker authenticating() {
    return new TestBroker.Setup()
        .authenticator((request, address) -> authenticate(String.valueOf(request.userName())))
        .start();
  }

  private CompletionStage<Authentication> authenticate(String user) {
    return switch (user) {
      case "good" -> CompletableFuture.completedFuture(Authentication.user(user));
      case "throws" -> throw new IllegalStateException("test");
      case "fails" -> CompletableFuture.failedFuture(new IllegalStateException("test"));
      case "null" -> CompletableFuture.completedFuture(null);
      case "later" -> later;
      default ->
          CompletableFuture.completedFuture(
              Authentication.deny(ReasonCode.BAD_USER_NAME_OR_PASSWORD));
    };
  }

  private static TestBroker authorizing() {
    return new TestBroker.Setup()
        .authorizer(
            new Authorizer() {
              @Override
              public CompletableFuture<Decision> mayPublish(
                  ClientIdentity client, TopicName topic) {
                return isOpen(topic.value());
              }

              @Override
              public CompletableFuture<Decision> maySubscribe(
                  ClientIdentity client, SharedFilter filter) {
                return isOpen(filter.toString());
              }
            })
        .start();
  }

  private static CompletableFuture<Decision> isOpen(String topic) {
    if (topic.equals("throws")) {
      throw new IllegalStateException("test");
    }
    return (topic.startsWith("secret") ? Decision.DENY : Decision.ALLOW).now();
  }

  private BrokerEvents throwing() {
    return new BrokerEvents() {
      @Override
      public void connected(Claim claim, ClientIdentity client) {
        heard.add("connected " + claim.clientId());
        throw new IllegalStateException("test");
      }

      @Override
      public void disconnected(Claim claim, ReasonCode reason) {
        heard.add(reason + " " + claim.clientId());
        throw new IllegalStateException("test");
      }
    };
  }

  /** As many connections as there are lanes, so that each lane has done what it had before. */
  private static boolean pingsThrough(TestBroker broker) {
    for (int i = 0; i < 6; i++) {
      try (RawClient client = broker.connect(ConnectSpec.v5("ping" + i).userName("good"))) {
        client.ping();
        client.disconnect();
      }
    }
    return true;
  }

  private static ReasonCode connack(TestBroker broker, ConnectSpec spec) {
    try (RawClient client = RawClient.open(broker.port(), spec.version())) {
      return client.connect(spec).reason();
    }
  }
}
