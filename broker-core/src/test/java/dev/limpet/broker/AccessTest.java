package dev.limpet.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.limpet.broker.connection.codec.Packet.Connack;
import dev.limpet.broker.connection.codec.Packet.Connect;
import dev.limpet.broker.connection.codec.PacketType;
import dev.limpet.broker.mqtt.ConnectRequest;
import dev.limpet.broker.mqtt.ProtocolVersion;
import dev.limpet.broker.mqtt.Qos;
import dev.limpet.broker.mqtt.ReasonCode;
import dev.limpet.broker.spi.Authentication;
import dev.limpet.broker.spi.Authenticator;
import dev.limpet.broker.spi.Authorizer;
import dev.limpet.broker.spi.ClientIdentity;
import dev.limpet.broker.spi.ClientOrigin;
import dev.limpet.broker.spi.Decision;
import dev.limpet.broker.topic.SharedFilter;
import dev.limpet.broker.topic.TopicName;
import dev.limpet.broker.wire.ConnectSpec;
import dev.limpet.broker.wire.RawClient;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What a broker asks its authenticator and authorizer, and what it does with the answers. */
class AccessTest {

  /** Says no to whatever names {@code forbidden}, and for {@code slow} answers when it is told. */
  private static final class Rules implements Authorizer {
    private final ConcurrentLinkedQueue<CompletableFuture<Decision>> waiting =
        new ConcurrentLinkedQueue<>();
    private volatile String forbidden = "forbidden";
    private volatile Runnable listener = () -> {};

    private CompletableFuture<Decision> decide(String text) {
      if (text.contains("broken")) {
        throw new IllegalStateException("a plug-in that fails");
      }
      if (text.contains("slow")) {
        CompletableFuture<Decision> later = new CompletableFuture<>();
        waiting.add(later);
        return later;
      }
      return (text.contains(forbidden) ? Decision.DENY : Decision.ALLOW).now();
    }

    @Override
    public CompletableFuture<Decision> mayPublish(ClientIdentity client, TopicName topic) {
      return decide(topic.value());
    }

    @Override
    public CompletableFuture<Decision> maySubscribe(ClientIdentity client, SharedFilter filter) {
      return decide(filter.filter().value());
    }

    @Override
    public CompletableFuture<Decision> mayReceive(ClientIdentity client, TopicName topic) {
      return decide(topic.value());
    }

    @Override
    public void onChange(Runnable newListener) {
      listener = newListener;
    }

    void forbid(String text) {
      forbidden = text;
      listener.run();
    }

    void answer(Decision decision) {
      await().until(() -> !waiting.isEmpty());
      waiting.remove().complete(decision);
    }
  }

  private final Rules rules = new Rules();

  private TestBroker start() {
    return new TestBroker.Setup().authorizer(rules).start();
  }

  @Test
  void what_is_not_allowed_is_not_published_and_not_subscribed() {
    try (TestBroker broker = start();
        RawClient client = broker.connect(ConnectSpec.v5("c"))) {
      assertThat(client.subscribe("forbidden/#", Qos.AT_LEAST_ONCE))
          .containsExactly(ReasonCode.NOT_AUTHORIZED);
      assertThat(client.subscribe("#", Qos.AT_MOST_ONCE)).containsExactly(ReasonCode.SUCCESS);
      assertThat(client.publish("forbidden/x", "no")).isEqualTo(ReasonCode.NOT_AUTHORIZED);
      assertThat(client.publish("broken/x", "no")).isEqualTo(ReasonCode.NOT_AUTHORIZED);
      assertThat(client.subscribe("broken", Qos.AT_MOST_ONCE))
          .containsExactly(ReasonCode.NOT_AUTHORIZED);
      client.ping();
    }
  }

  @Test
  void a_slow_answer_holds_back_that_client_and_keeps_its_order() {
    try (TestBroker broker = start();
        RawClient slow = broker.connect(ConnectSpec.v5("slow"));
        RawClient other = broker.connect(ConnectSpec.v5("other"))) {
      other.subscribe("a/#", Qos.AT_MOST_ONCE);
      slow.sendTogether(
          RawClient.publish("a/slow", "1", Qos.AT_LEAST_ONCE, 1),
          RawClient.publish("a/b", "2", Qos.AT_LEAST_ONCE, 2),
          RawClient.publish("a/slow", "3", Qos.AT_LEAST_ONCE, 3),
          RawClient.publish("a/b", "4", Qos.AT_LEAST_ONCE, 4));
      await().until(() -> rules.waiting.size() == 1);
      other.ping();
      rules.answer(Decision.ALLOW);
      slow.expectAck(PacketType.PUBACK, 1);
      slow.expectAck(PacketType.PUBACK, 2);
      rules.answer(Decision.DENY);
      assertThat(slow.expectAck(PacketType.PUBACK, 3).reason())
          .isEqualTo(ReasonCode.NOT_AUTHORIZED);
      slow.expectAck(PacketType.PUBACK, 4);
      assertThat(other.take(3)).containsExactly("1", "2", "4");
    }
  }

  @Test
  void a_slow_answer_to_subscribe_is_waited_for() {
    try (TestBroker broker = start();
        RawClient client = broker.connect(ConnectSpec.v5("c"))) {
      CompletableFuture<List<ReasonCode>> suback =
          CompletableFuture.supplyAsync(() -> client.subscribe("slow/#", Qos.AT_LEAST_ONCE));
      rules.answer(Decision.ALLOW);
      assertThat(suback.join()).containsExactly(ReasonCode.GRANTED_QOS_1);
      CompletableFuture<List<ReasonCode>> refused =
          CompletableFuture.supplyAsync(() -> client.subscribe("slow/x", Qos.AT_LEAST_ONCE));
      await().until(() -> !rules.waiting.isEmpty());
      rules.waiting.remove().completeExceptionally(new IllegalStateException("no answer"));
      assertThat(refused.join()).containsExactly(ReasonCode.NOT_AUTHORIZED);
    }
  }

  @Test
  void a_will_that_may_not_be_published_keeps_its_client_out() {
    try (TestBroker broker = start();
        RawClient client = RawClient.open(broker.port(), ProtocolVersion.V5)) {
      Connack answer = client.connect(ConnectSpec.v5("c").will("forbidden/x", "bye", 0));
      assertThat(answer.reason()).isEqualTo(ReasonCode.NOT_AUTHORIZED);
      client.expectEnd();
    }
  }

  @Test
  void retained_messages_that_may_not_be_received_are_not_replayed() {
    try (TestBroker broker = start();
        RawClient client = broker.connect(ConnectSpec.v5("c"))) {
      for (String topic : List.of("r/1", "r/secret", "r/3")) {
        client.send(
            RawClient.publish(topic, topic, Qos.AT_LEAST_ONCE, client.nextPacketId(), true));
        client.next();
      }
      rules.forbidden = "secret";
      client.subscribe("r/+", Qos.AT_MOST_ONCE);
      assertThat(client.take(2)).containsExactlyInAnyOrder("r/1", "r/3");
      client.ping();
    }
  }

  @Test
  void stored_subscriptions_are_asked_for_again_on_resume() {
    try (TestBroker broker = start()) {
      try (RawClient client = broker.connect(ConnectSpec.v5("c").durable())) {
        client.subscribe("a/#", Qos.AT_LEAST_ONCE);
        client.subscribe("b/#", Qos.AT_LEAST_ONCE);
        client.disconnect();
      }
      broker.awaitConnections(0);
      rules.forbidden = "a/";
      try (RawClient client = broker.connect(ConnectSpec.v5("c").durable());
          RawClient publisher = broker.connect(ConnectSpec.v5("p"))) {
        rules.forbidden = "nothing";
        assertThat(publisher.publish("a/x", "lost")).isEqualTo(ReasonCode.NO_MATCHING_SUBSCRIBERS);
        publisher.publish("b/x", "kept");
        client.take("kept");
      }
    }
  }

  @Test
  void whoever_loses_a_subscription_is_closed_at_once() {
    try (TestBroker broker = start();
        RawClient loser = broker.connect(ConnectSpec.v5("loser"));
        RawClient keeper = broker.connect(ConnectSpec.v5("keeper"))) {
      loser.subscribe("a/#", Qos.AT_MOST_ONCE);
      keeper.subscribe("b/#", Qos.AT_MOST_ONCE);
      rules.forbid("a/");
      loser.expectDisconnect(ReasonCode.NOT_AUTHORIZED);
      keeper.ping();
    }
  }

  @Test
  void whoever_loses_the_right_to_its_will_is_closed_without_it() {
    try (TestBroker broker = start();
        RawClient loser = broker.connect(ConnectSpec.v5("loser").will("wills/loser", "w", 0));
        RawClient keeper = broker.connect(ConnectSpec.v5("keeper").will("b", "w", 0))) {
      keeper.subscribe("+/loser", Qos.AT_MOST_ONCE);
      rules.forbid("wills/");
      loser.expectDisconnect(ReasonCode.NOT_AUTHORIZED);
      broker.awaitConnections(1);
      keeper.ping(); // and no will
    }
  }

  @Test
  void rules_that_change_while_a_client_is_being_let_in_hold_for_its_will() {
    try (TestBroker broker = start();
        RawClient client = RawClient.open(broker.port(), ProtocolVersion.V5)) {
      client.send(new Connect(ConnectSpec.v5("c").will("slow/x", "w", 0).request()));
      await().until(() -> rules.waiting.size() == 1);
      rules.forbid("slow");
      rules.answer(Decision.ALLOW); // by the rules before
      assertThat(client.expect(Connack.class).reason()).isEqualTo(ReasonCode.SUCCESS);
      rules.answer(Decision.DENY);
      client.expectDisconnect(ReasonCode.NOT_AUTHORIZED);
    }
  }

  @Test
  void a_delayed_will_is_asked_for_again_when_it_is_due() {
    try (TestBroker broker = start();
        RawClient watcher = broker.connect(ConnectSpec.v5("watcher"))) {
      watcher.subscribe("#", Qos.AT_MOST_ONCE);
      for (String topic : List.of("wills/loser", "other/keeper")) {
        broker.connect(ConnectSpec.v5(topic).expiry(60).will(topic, topic, 1)).close();
      }
      await().until(() -> broker.gauge("limpet.wills.waiting") == 2);
      rules.forbid("wills/");
      watcher.expectPublish("other/keeper");
      await().until(() -> broker.gauge("limpet.wills.waiting") == 0);
      watcher.publish("x", "after", Qos.AT_MOST_ONCE);
      watcher.expectPublish("after");

      // Nor does the end of its session bring it back.
      rules.forbidden = "nothing";
      broker.connect(ConnectSpec.v5("wills/loser").cleanStart(true)).disconnect();
      broker.awaitConnections(1);
      watcher.ping();
    }
  }

  /** Lets everybody in under the name they give, until it takes that back. */
  private static final class Names implements Authenticator {
    private final ConcurrentLinkedQueue<Runnable> waiting = new ConcurrentLinkedQueue<>();
    private volatile boolean slow;
    private volatile Consumer<Set<String>> listener = users -> {};

    @Override
    public CompletableFuture<Authentication> authenticate(
        ConnectRequest request, ClientOrigin origin) {
      String user = request.userName();
      Authentication answer = user == null ? Authentication.ANONYMOUS : Authentication.user(user);
      if (!slow) {
        return CompletableFuture.completedFuture(answer);
      }
      CompletableFuture<Authentication> later = new CompletableFuture<>();
      waiting.add(() -> later.complete(answer));
      return later;
    }

    @Override
    public void onRevoked(Consumer<Set<String>> newListener) {
      listener = newListener;
    }
  }

  @Test
  void whose_proof_no_longer_counts_is_closed_at_once() {
    Names names = new Names();
    try (TestBroker broker = new TestBroker.Setup().authenticator(names).start();
        RawClient alice = broker.connect(ConnectSpec.v5("a").userName("alice"));
        RawClient bob = broker.connect(ConnectSpec.v5("b").userName("bob"));
        RawClient nobody = broker.connect(ConnectSpec.v5("alice"))) {
      names.listener.accept(Set.of("alice", "carol"));
      alice.expectDisconnect(ReasonCode.NOT_AUTHORIZED);
      bob.ping();
      nobody.ping();
    }
  }

  @Test
  void whose_proof_is_taken_back_while_being_let_in_is_refused() {
    Names names = new Names();
    names.slow = true;
    try (TestBroker broker = new TestBroker.Setup().authenticator(names).start();
        RawClient alice = RawClient.open(broker.port(), ProtocolVersion.V5);
        RawClient bob = RawClient.open(broker.port(), ProtocolVersion.V5)) {
      alice.send(new Connect(ConnectSpec.v5("a").userName("alice").durable().request()));
      bob.send(new Connect(ConnectSpec.v5("b").userName("bob").request()));
      await().until(() -> names.waiting.size() == 2);
      names.listener.accept(Set.of("alice"));
      names.listener.accept(Set.of("carol"));
      names.waiting.forEach(Runnable::run);
      assertThat(alice.expect(Connack.class).reason()).isEqualTo(ReasonCode.NOT_AUTHORIZED);
      alice.expectEnd();
      assertThat(bob.expect(Connack.class).reason()).isEqualTo(ReasonCode.SUCCESS);
      bob.ping();
      broker.awaitConnections(1);

      names.slow = false; // and has proved the new thing
      try (RawClient again = broker.connect(ConnectSpec.v5("a").userName("alice"))) {
        again.ping();
      }
    }
  }

  @Test
  void an_authenticator_decides_who_is_let_in_and_as_whom() {
    ConcurrentLinkedQueue<ClientIdentity> seen = new ConcurrentLinkedQueue<>();
    TestBroker.Setup setup =
        new TestBroker.Setup()
            .authenticator(
                (request, origin) ->
                    CompletableFuture.supplyAsync(
                        () ->
                            "bob".equals(request.userName())
                                ? Authentication.user("robert")
                                : Authentication.IGNORE))
            .events(
                new dev.limpet.broker.spi.BrokerEvents() {
                  @Override
                  public void connected(dev.limpet.broker.spi.Claim claim, ClientIdentity client) {
                    seen.add(client);
                  }
                });
    try (TestBroker broker = setup.start();
        RawClient bob = broker.connect(ConnectSpec.v5("c").userName("bob"));
        RawClient eve = RawClient.open(broker.port(), ProtocolVersion.V3_1_1)) {
      bob.ping();
      assertThat(seen).extracting(ClientIdentity::userName).containsExactly("robert");
      eve.send(new Connect(ConnectSpec.v3("e").userName("eve").request()));
      assertThat(eve.expect(Connack.class).reason()).isEqualTo(ReasonCode.NOT_AUTHORIZED);
      eve.expectEnd();
    }
  }
}
