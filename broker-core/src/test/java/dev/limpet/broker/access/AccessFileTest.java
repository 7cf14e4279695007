package dev.limpet.broker.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.limpet.broker.files.FileProblemException;
import dev.limpet.broker.files.FileWatch;
import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.spi.Authorizer;
import dev.limpet.broker.spi.ClientIdentity;
import dev.limpet.broker.spi.Decision;
import dev.limpet.broker.topic.SharedFilter;
import dev.limpet.broker.topic.TopicName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AccessFileTest {
  private static final String RULES =
      """
      # for everybody who has no name
      topic read public/#

      user alice
      topic readwrite house/#
      topic deny house/safe/+
      topic write log/alice
      topic readwrite all words

      pattern readwrite clients/%c/#
      pattern read users/%u/inbox
      pattern deny clients/%c/admin/#
      """;

  @TempDir private Path folder;
  private final FileWatch watch = new FileWatch();
  private Path file;

  @BeforeEach
  void writeRules() throws IOException {
    file = Files.writeString(folder.resolve("acl"), RULES);
  }

  @AfterEach
  void stopWatching() {
    watch.close();
  }

  private static ClientIdentity client(String id, @Nullable String user) {
    return new ClientIdentity(ClientId.of(id), user, "127.0.0.1:1");
  }

  private static Decision publish(Authorizer rules, ClientIdentity client, String topic) {
    return rules.mayPublish(client, TopicName.of(topic)).join();
  }

  private static Decision receive(Authorizer rules, ClientIdentity client, String topic) {
    return rules.mayReceive(client, TopicName.of(topic)).join();
  }

  private static Decision subscribe(Authorizer rules, ClientIdentity client, String filter) {
    return rules.maySubscribe(client, SharedFilter.parse(filter)).join();
  }

  @ParameterizedTest
  @CsvSource({
    "house/lamp, ALLOW, ALLOW, ALLOW",
    "house, ALLOW, ALLOW, ALLOW",
    "house/#, -, DENY, ALLOW_FILTERED",
    "house/+, -, ALLOW, ALLOW",
    "house/+/x, -, DENY, ALLOW_FILTERED",
    "house/safe, ALLOW, ALLOW, ALLOW",
    "house/safe/x, DENY, DENY, ALLOW_FILTERED",
    "house/safe/#, -, DENY, ALLOW_FILTERED",
    "house/safe/x/y, ALLOW, ALLOW, ALLOW",
    "log/alice, ALLOW, IGNORE, ALLOW_FILTERED",
    "all words, ALLOW, ALLOW, ALLOW",
    "public/x, IGNORE, IGNORE, ALLOW_FILTERED",
    "#, -, DENY, ALLOW_FILTERED",
    "+/+, -, IGNORE, ALLOW_FILTERED",
    "clients/c1/x, ALLOW, ALLOW, ALLOW",
    "clients/c1, ALLOW, ALLOW, ALLOW",
    "clients/c2/x, IGNORE, IGNORE, ALLOW_FILTERED",
    "clients/+/x, -, IGNORE, ALLOW_FILTERED",
    "clients/c1/admin/x, DENY, DENY, ALLOW_FILTERED",
    "clients/c1/#, -, DENY, ALLOW_FILTERED",
    "users/alice/inbox, IGNORE, ALLOW, ALLOW",
    "users/bob/inbox, IGNORE, IGNORE, ALLOW_FILTERED",
    "$share/g/house/+, -, ALLOW, ALLOW",
    "$share/g/house/safe/x, -, DENY, ALLOW_FILTERED",
    "$share/g/public/#, -, IGNORE, ALLOW_FILTERED",
    "$SYS/broker/x, IGNORE, IGNORE, ALLOW_FILTERED"
  })
  void a_user_may_what_a_rule_covers_and_no_deny_touches(
      String text, String publish, Decision covered, Decision filtered) throws IOException {
    AccessFile rules = AccessFile.open(file, watch);
    AccessFile strict = AccessFile.open(file, watch, AccessFile.Subscriptions.COVERED);
    ClientIdentity alice = client("c1", "alice");
    if (!publish.equals("-")) {
      assertThat(publish(rules, alice, text)).isEqualTo(Decision.valueOf(publish));
    }
    assertThat(subscribe(strict, alice, text)).isEqualTo(covered);
    assertThat(subscribe(rules, alice, text)).isEqualTo(filtered);
    if (!publish.equals("-")) { // a topic: what it brings is what the strict rules grant
      assertThat(receive(rules, alice, text)).isEqualTo(covered);
    }
  }

  @Test
  void who_has_no_name_has_the_rules_before_the_first_user() throws IOException {
    AccessFile rules = AccessFile.open(file, watch);
    ClientIdentity nobody = client("c1", null);
    assertThat(subscribe(rules, nobody, "public/x/#")).isEqualTo(Decision.ALLOW);
    assertThat(publish(rules, nobody, "public/x")).isEqualTo(Decision.IGNORE);
    assertThat(publish(rules, nobody, "clients/c1/x")).isEqualTo(Decision.ALLOW);
    assertThat(receive(rules, nobody, "users/alice/inbox")).isEqualTo(Decision.IGNORE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"+", "#", "c1/+", "a/b", "+/admin", "/"})
  void a_client_id_that_is_no_level_gains_nothing(String id) throws IOException {
    AccessFile rules = AccessFile.open(file, watch);
    AccessFile strict = AccessFile.open(file, watch, AccessFile.Subscriptions.COVERED);
    ClientIdentity client = client(id, null);
    for (String filter : new String[] {"clients/+/x", "clients/a/b", "clients/#", "clients/c1/x"}) {
      assertThat(subscribe(strict, client, filter)).isNotEqualTo(Decision.ALLOW);
      assertThat(subscribe(rules, client, filter)).isEqualTo(Decision.ALLOW_FILTERED);
    }
    for (String topic : new String[] {"clients/a/b", "clients/x", "clients/c1/x", "clients"}) {
      assertThat(receive(rules, client, topic)).isNotEqualTo(Decision.ALLOW);
    }
    assertThat(publish(rules, client, "clients/a/b/x")).isNotEqualTo(Decision.ALLOW);
    assertThat(publish(rules, client, "clients/a/b/admin/x")).isEqualTo(Decision.DENY);
  }

  @Test
  void a_client_named_like_the_servers_own_topics_gains_nothing() throws IOException {
    Files.writeString(file, "pattern readwrite %c/#\ntopic read #\n");
    AccessFile rules = AccessFile.open(file, watch);
    AccessFile strict = AccessFile.open(file, watch, AccessFile.Subscriptions.COVERED);
    for (String id : new String[] {"$SYS", "x"}) {
      assertThat(subscribe(strict, client(id, null), "$SYS/#")).isEqualTo(Decision.IGNORE);
      assertThat(receive(rules, client(id, null), "$SYS/broker/x")).isEqualTo(Decision.IGNORE);
    }
    assertThat(publish(rules, client("x", null), "x/y")).isEqualTo(Decision.ALLOW);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "topics read a",
        "user",
        "topic read a/#/b",
        "topic red a/b",
        "topic all words",
        "topic",
        "pattern read a%c/b",
        "pattern read a/%u%c",
      })
  void a_line_that_says_nothing_is_named(String line) throws IOException {
    Files.writeString(file, "# fine\n" + line + "\n");
    assertThatThrownBy(() -> AccessFile.open(file, watch))
        .isInstanceOf(FileProblemException.class)
        .hasMessageContaining("acl, line 2 ");
  }

  @Test
  void a_change_counts_and_a_broken_one_does_not() throws IOException {
    AccessFile rules = AccessFile.open(file, watch);
    AtomicInteger changes = new AtomicInteger();
    rules.onChange(changes::incrementAndGet);
    ClientIdentity alice = client("c1", "alice");
    Files.writeString(file, "nonsense, and longer than before " + RULES);
    Files.writeString(folder.resolve("next"), "user alice\ntopic read house/#\n");
    await()
        .during(java.time.Duration.ofMillis(1_500))
        .until(() -> publish(rules, alice, "house/lamp") == Decision.ALLOW);
    assertThat(changes).hasValue(0);
    Files.move(folder.resolve("next"), file, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    await().until(() -> publish(rules, alice, "house/lamp") == Decision.IGNORE);
    await().untilAtomic(changes, org.hamcrest.Matchers.is(1));
  }
}
