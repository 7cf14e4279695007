package dev.limpet.store;

import static dev.limpet.broker.spi.Samples.await;
import static dev.limpet.broker.spi.Samples.delivery;
import static dev.limpet.broker.spi.Samples.newClientId;
import static dev.limpet.broker.spi.Samples.publication;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.limpet.broker.mqtt.NodeId;
import dev.limpet.broker.mqtt.Publication;
import dev.limpet.broker.spi.Claim;
import dev.limpet.broker.spi.ManualClock;
import dev.limpet.broker.spi.store.InboxTarget;
import dev.limpet.broker.spi.store.Progress;
import dev.limpet.broker.spi.store.StoreUsage;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/**
 * Every member knows what the sessions it has take, copies of others among them, and bounds that.
 * Issue 7, item 4: only inboxes at home were counted, and a quarter of what they took.
 */
class InboxCountTest {
  private static final int CLIENTS = 40;
  private static final int MESSAGES = 5;

  private final List<Claim> claims =
      Stream.generate(() -> new Claim(newClientId(), new NodeId("n", 1), 1))
          .limit(CLIENTS)
          .toList();

  @Test
  void the_tallies_follow_appends_acknowledgements_and_partitions_that_move() {
    try (Members members = new Members(2);
        HazelcastSessionStore zero = store(members, 0, StoreOptions.DEFAULT);
        HazelcastSessionStore one = store(members, 1, StoreOptions.DEFAULT)) {
      claims.forEach(claim -> await(zero.open(claim, true, 3_600)));
      fill(zero);
      StoreUsage zeros = zero.usage();
      StoreUsage ones = one.usage();
      assertThat(zeros.messages() + ones.messages()).isEqualTo(CLIENTS * MESSAGES);
      assertThat(ones.messages()).isPositive();
      assertThat(zeros.bytes()).as("each has all, at home or as a copy").isEqualTo(ones.bytes());

      for (Claim claim : claims.subList(0, 10)) {
        await(one.acknowledge(claim, acknowledged(1, 2)));
      }
      await(zero.open(new Claim(claims.get(39).clientId(), new NodeId("n", 1), 2), true, 0));
      long left = CLIENTS * MESSAGES - 10 * 2 - MESSAGES;
      assertThat(zero.usage().messages() + one.usage().messages()).isEqualTo(left);
      long bytes = zero.usage().bytes();
      assertThat(bytes).isLessThan(zeros.bytes()).isEqualTo(one.usage().bytes());

      members.crash(1); // what it owned is zero's now
      Awaitility.await().until(() -> zero.usage().messages() == left);
      assertThat(zero.usage().bytes()).isEqualTo(bytes);
      try (HazelcastSessionStore joined = joined(members)) {
        Awaitility.await()
            .untilAsserted(
                () -> {
                  assertThat(joined.usage().messages()).isPositive();
                  assertThat(zero.usage().messages() + joined.usage().messages()).isEqualTo(left);
                  // Arrays that moved are as long as they must be, others have room to grow.
                  assertThat(joined.usage().bytes()).isCloseTo(bytes, withinPercentage(2));
                  assertThat(zero.usage().bytes()).isCloseTo(bytes, withinPercentage(2));
                });
      }
    }
  }

  private static HazelcastSessionStore joined(Members members) {
    members.join();
    return store(members, 2, StoreOptions.DEFAULT);
  }

  @Test
  void inboxes_that_are_full_together_drop_and_count() {
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    StoreOptions options =
        StoreOptions.builder().nodeInboxMessagesMax(100).nodeInboxBytesMax(1L << 30).build();
    try (Members members = new Members(1);
        HazelcastSessionStore store =
            new HazelcastSessionStore(members.get(0), options, new ManualClock(), registry)) {
      claims.forEach(claim -> await(store.open(claim, true, 3_600)));
      fill(store);
      assertThat(store.usage().messages())
          .isEqualTo(120); // the appends that were under way went in
      assertThat(registry.counter("limpet.store.inbox.dropped").count()).isEqualTo(80);
    }
  }

  private void fill(HazelcastSessionStore store) {
    for (int i = 0; i < MESSAGES; i++) {
      Publication publication = publication("t", "x");
      List<InboxTarget> targets = new ArrayList<>();
      claims.forEach(
          claim -> targets.add(new InboxTarget(claim.clientId(), delivery(publication))));
      await(store.append(publication, targets));
    }
  }

  private static Progress acknowledged(long... sequences) {
    List<Long> all = LongStream.of(sequences).boxed().toList();
    return new Progress(all, List.of(), List.of(), List.of(), 0);
  }

  private static HazelcastSessionStore store(Members members, int index, StoreOptions options) {
    return new HazelcastSessionStore(
        members.get(index), options, new ManualClock(), new SimpleMeterRegistry());
  }
}
