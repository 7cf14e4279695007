package dev.limpet.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.limpet.broker.access.AccessFile;
import dev.limpet.broker.access.AccessFile.Subscriptions;
import dev.limpet.broker.access.AuthorizerChain;
import dev.limpet.broker.connection.codec.Packet.Publish;
import dev.limpet.broker.connection.codec.PacketType;
import dev.limpet.broker.files.FileWatch;
import dev.limpet.broker.mqtt.Qos;
import dev.limpet.broker.mqtt.ReasonCode;
import dev.limpet.broker.spi.Authentication;
import dev.limpet.broker.spi.Authorizer;
import dev.limpet.broker.spi.ClientIdentity;
import dev.limpet.broker.spi.Decision;
import dev.limpet.broker.topic.SharedFilter;
import dev.limpet.broker.topic.TopicName;
import dev.limpet.broker.wire.ConnectSpec;
import dev.limpet.broker.wire.RawClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Issue 7, item 11. The kind: a subscription may be wider than what its client may read, as in
 * mosquitto, and then each way a message takes is filtered: live, from the inbox, retained, shared,
 * and again when rules change; nothing that is kept back stays anywhere.
 */
class FilteredSubscriptionTest {
  private static final String RULES =
      """
      user writer
      topic readwrite #
      user reader
      topic read house/#
      topic deny house/safe
      """;

  @TempDir private Path folder;
  private final FileWatch watch = new FileWatch();
  private final AtomicInteger asked = new AtomicInteger();
  private Path file;
  private TestBroker broker;
  private RawClient writer;

  /** Counts what deliveries cost. */
  private final class Counting implements Authorizer {
    private final Authorizer rules;

    Counting(Authorizer rules) {
      this.rules = rules;
    }

    @Override
    public CompletableFuture<Decision> mayPublish(ClientIdentity client, TopicName topic) {
      return rules.mayPublish(client, topic);
    }

    @Override
    public CompletableFuture<Decision> maySubscribe(ClientIdentity client, SharedFilter filter) {
      return rules.maySubscribe(client, filter);
    }

    @Override
    public CompletableFuture<Decision> mayReceive(ClientIdentity client, TopicName topic) {
      asked.incrementAndGet();
      return rules.mayReceive(client, topic);
    }

    @Override
    public void onChange(Runnable listener) {
      rules.onChange(listener);
    }
  }

  @BeforeEach
  void start() throws IOException {
    file = Files.writeString(folder.resolve("acl"), RULES);
    open(Subscriptions.FILTERED);
  }

  private void open(Subscriptions subscriptions) throws IOException {
    AccessFile rules = AccessFile.open(file, watch, subscriptions);
    broker =
        new TestBroker.Setup()
            .authenticator(
                (request, origin) ->
                    CompletableFuture.completedFuture(Authentication.user(request.userName())))
            .authorizer(new Counting(new AuthorizerChain(List.of(rules))))
            .start();
    writer = broker.connect(ConnectSpec.v5("writer").userName("writer"));
  }

  @AfterEach
  void stop() {
    writer.close();
    broker.close();
    watch.close();
  }

  private static ConnectSpec reader() {
    return ConnectSpec.v5("reader").userName("reader");
  }

  private RawClient subscribed(ConnectSpec spec, String filter, Qos qos) {
    RawClient client = broker.connect(spec);
    assertThat(client.subscribe(filter, qos)).containsExactly(ReasonCode.granted(qos));
    return client;
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void what_is_published_is_filtered(boolean durable) {
    ConnectSpec spec = durable ? reader().durable() : reader();
    try (RawClient reader = subscribed(spec, "#", Qos.EXACTLY_ONCE)) {
      for (Qos qos : Qos.values()) {
        writer.publish("garage/door", "no", qos);
        writer.publish("house/safe", "no", qos);
        writer.publish("house/door", "yes", qos);
        reader.take("yes");
      }
      reader.ping();
      assertThat(broker.count("limpet.deliveries.filtered")).isEqualTo(6);
    }
  }

  @Test
  void what_came_while_the_client_was_away_is_filtered_and_leaves_the_inbox() {
    RawClient leaving = subscribed(reader().durable(), "#", Qos.AT_LEAST_ONCE);
    broker.leave(leaving);
    for (int i = 0; i < 700; i++) { // more than one read of the inbox
      writer.publish("garage/door", "no" + i);
    }
    writer.publish("house/door", "yes");
    try (RawClient back = broker.connect(reader().durable().receiveMaximum(10))) {
      back.take("yes");
      await().until(() -> broker.inboxDepth("reader") == 0);
      assertThat(broker.count("limpet.deliveries.filtered")).isEqualTo(700);
      writer.publish("garage/door", "no");
      writer.publish("house/door", "live");
      back.take("live");
    }
  }

  @Test
  void what_is_retained_is_filtered() {
    for (String topic : List.of("garage/door", "house/safe", "house/door")) {
      writer.send(RawClient.publish(topic, topic, Qos.AT_LEAST_ONCE, 9, true));
      writer.expectAck(PacketType.PUBACK, 9);
    }
    for (ConnectSpec spec : List.of(reader(), reader().durable())) {
      try (RawClient reader = subscribed(spec, "#", Qos.AT_LEAST_ONCE)) {
        reader.take("house/door");
        reader.ping();
      }
      broker.awaitConnections(1);
    }
  }

  @Test
  void what_a_member_of_a_group_may_not_have_goes_to_another() {
    try (RawClient reader = subscribed(reader(), "$share/g/#", Qos.AT_LEAST_ONCE);
        RawClient other =
            subscribed(
                ConnectSpec.v5("other").userName("writer"), "$share/g/#", Qos.AT_LEAST_ONCE)) {
      List<String> sent = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        writer.publish("garage/door", "g" + i);
        sent.add("g" + i);
      }
      assertThat(other.take(10)).containsExactlyInAnyOrderElementsOf(sent);
      reader.ping();
      for (int i = 0; i < 10; i++) {
        writer.publish("house/door", "h" + i);
      }
      assertThat(reader.take(5)).hasSize(5);
      assertThat(other.take(5)).hasSize(5);
    }
  }

  @Test
  void what_no_member_of_a_group_may_have_is_dropped() {
    RawClient leaving = subscribed(reader().durable(), "$share/g/#", Qos.AT_LEAST_ONCE);
    broker.leave(leaving);
    writer.publish("garage/door", "no");
    writer.publish("house/door", "yes");
    try (RawClient reader = broker.connect(reader().durable())) {
      reader.take("yes");
      await().until(() -> broker.inboxDepth("reader") == 0);
      writer.publish("garage/door", "no");
      writer.publish("house/door", "live");
      reader.take("live");
    }
  }

  /** Takes until this comes; answers what came before. */
  private static List<String> takeThrough(RawClient client, String payload) {
    List<String> taken = new ArrayList<>();
    while (!taken.contains(payload)) {
      taken.addAll(client.take(1));
    }
    return taken;
  }

  /** Publishes until a client is given a topic, as its rules have changed. */
  private void awaitGiven(RawClient client, String topic) {
    await()
        .until(
            () -> {
              writer.publish(topic, "mark");
              return client.takeBeforePing().contains("mark");
            });
  }

  private void rules(String text) throws IOException {
    Path next = Files.writeString(folder.resolve("next"), text);
    Files.move(next, file, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
  }

  @Test
  void rules_that_change_count_for_subscriptions_that_stand() throws IOException {
    try (RawClient reader = subscribed(reader(), "#", Qos.AT_MOST_ONCE)) {
      rules(RULES.replace("read house/#", "read garage/#"));
      awaitGiven(reader, "garage/door");
      writer.publish("house/door", "no", Qos.AT_MOST_ONCE);
      writer.publish("garage/door", "yes", Qos.AT_MOST_ONCE);
      assertThat(takeThrough(reader, "yes")).doesNotContain("no");
      rules(RULES.replace("read house/#", "read #").replace("topic deny house/safe", ""));
      await()
          .until(
              () -> {
                int before = asked.get();
                writer.publish("garage/door", "all", Qos.AT_MOST_ONCE);
                reader.take("all");
                return asked.get() == before;
              });
      rules(RULES);
      await()
          .until(
              () -> {
                writer.publish("garage/door", "some", Qos.AT_MOST_ONCE);
                writer.publish("house/door", "mark", Qos.AT_MOST_ONCE);
                Publish next = reader.expect(Publish.class);
                if (next.payload().toString().equals("mark")) {
                  return true;
                }
                reader.take("mark");
                return false;
              });
    }
  }

  @Test
  void who_may_have_all_it_subscribed_to_is_not_asked_for() {
    try (RawClient reader = subscribed(reader(), "house/+", Qos.AT_MOST_ONCE)) {
      // A deny is within.
      writer.publish("house/door", "filtered", Qos.AT_MOST_ONCE);
      reader.take("filtered");
      assertThat(asked.get()).isPositive();
    }
    try (RawClient reader = subscribed(reader(), "house/door/#", Qos.AT_MOST_ONCE)) {
      int before = asked.get();
      writer.publish("house/door", "all", Qos.AT_MOST_ONCE);
      reader.take("all");
      assertThat(asked).hasValue(before);
    }
  }

  /** Under the default rules mosquitto grants them too, in each version, and delivers nothing. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void what_brings_nothing_is_granted(boolean v5) {
    writer.send(RawClient.publish("garage/door", "kept", Qos.AT_LEAST_ONCE, 9, true));
    writer.expectAck(PacketType.PUBACK, 9);
    ConnectSpec spec = v5 ? ConnectSpec.v5("reader") : ConnectSpec.v3("reader");
    try (RawClient reader = broker.connect(spec.userName("reader"))) {
      for (String filter :
          List.of("garage/#", "garage/door", "house/safe", "$SYS/#", "$share/g/garage/door")) {
        assertThat(reader.subscribe(filter, Qos.AT_LEAST_ONCE))
            .as(filter)
            .containsExactly(ReasonCode.GRANTED_QOS_1);
      }
      for (Qos qos : Qos.values()) {
        writer.publish("garage/door", "no", qos);
        writer.publish("house/safe", "no", qos);
      }
      assertThat(reader.subscribe("house/door", Qos.AT_LEAST_ONCE))
          .containsExactly(ReasonCode.GRANTED_QOS_1);
      writer.publish("house/door", "yes");
      reader.take("yes"); // and nothing before
      reader.ping();
    }
  }

  @Test
  void a_stored_subscription_that_brings_nothing_any_more_stays_and_is_filtered()
      throws IOException {
    RawClient leaving = subscribed(reader().durable(), "house/door", Qos.AT_LEAST_ONCE);
    broker.leave(leaving);
    rules(RULES.replace("read house/#", "read garage/#"));
    try (RawClient probe =
        subscribed(ConnectSpec.v5("probe").userName("reader"), "garage/door", Qos.AT_LEAST_ONCE)) {
      awaitGiven(probe, "garage/door");
      writer.publish("house/door", "away");
      try (RawClient back = broker.connect(reader().durable())) {
        writer.publish("house/door", "live");
        await().until(() -> broker.inboxDepth("reader") == 0);
        back.ping();
        rules(RULES);
        awaitGiven(back, "house/door");
      }
    }
  }

  @Test
  void who_loses_a_rule_stays_connected_and_has_what_it_subscribed_to_when_the_rule_is_back()
      throws IOException {
    try (RawClient reader = subscribed(reader(), "house/door", Qos.AT_MOST_ONCE)) {
      rules(RULES.replace("read house/#", "read garage/#"));
      await()
          .until(
              () -> {
                writer.publish("house/door", "old", Qos.AT_MOST_ONCE);
                reader.takeBeforePing();
                return broker.count("limpet.deliveries.filtered") > 0;
              });
      writer.publish("house/door", "no", Qos.AT_MOST_ONCE);
      assertThat(reader.takeBeforePing()).doesNotContain("no"); // and nobody was closed
      rules(RULES);
      awaitGiven(reader, "house/door");
    }
  }

  @Test
  void covered_subscriptions_are_asked_for_in_whole() throws IOException {
    writer.close();
    broker.close();
    open(Subscriptions.COVERED);
    try (RawClient reader = broker.connect(reader())) {
      assertThat(reader.subscribe("#", Qos.AT_MOST_ONCE))
          .containsExactly(ReasonCode.NOT_AUTHORIZED);
      assertThat(reader.subscribe("house/#", Qos.AT_MOST_ONCE))
          .containsExactly(ReasonCode.NOT_AUTHORIZED);
      for (String filter : List.of("garage/#", "house/safe", "$SYS/#", "$share/g/garage")) {
        assertThat(reader.subscribe(filter, Qos.AT_MOST_ONCE))
            .as(filter)
            .containsExactly(ReasonCode.NOT_AUTHORIZED);
      }
      assertThat(reader.subscribe("house/door", Qos.AT_MOST_ONCE))
          .containsExactly(ReasonCode.SUCCESS);
    }
  }

  @Test
  void a_covered_subscription_that_is_no_longer_allowed_ends_its_connection() throws IOException {
    writer.close();
    broker.close();
    open(Subscriptions.COVERED);
    try (RawClient reader = subscribed(reader(), "house/door", Qos.AT_MOST_ONCE)) {
      rules(RULES.replace("read house/#", "read garage/#"));
      reader.expectDisconnect(ReasonCode.NOT_AUTHORIZED);
    }
  }
}
