package dev.limpet.store;

import static dev.limpet.broker.spi.Samples.await;
import static dev.limpet.broker.spi.Samples.delivery;
import static dev.limpet.broker.spi.Samples.publication;
import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.mqtt.NodeId;
import dev.limpet.broker.mqtt.Publication;
import dev.limpet.broker.spi.Claim;
import dev.limpet.broker.spi.ManualClock;
import dev.limpet.broker.spi.Samples;
import dev.limpet.broker.spi.store.InboxTarget;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Owners die one after the other, each right after it answered writes to several sessions. What a
 * member of this process has sent still arrives when it dies, so this is about promotion, retries
 * and order; that an answer waits for the backup is for {@link AnswerAfterBackupTest}.
 */
class RepeatedCrashTest {
  private static final Logger LOG = LoggerFactory.getLogger(RepeatedCrashTest.class);
  private static final int ROUNDS = 8;
  private static final int SURVIVOR = 0;
  private static final int PAYLOAD_BYTES_MAX = 50_000;

  private final long seed = Long.getLong("limpet.test.seed", System.nanoTime());
  private final Random random = new Random(seed);

  @Test
  void what_was_answered_is_at_the_promoted_backup_once_and_in_order() {
    LOG.info("Crashing owners with -Dlimpet.test.seed={}", seed);
    try (Members members = new Members(3);
        HazelcastSessionStore store =
            new HazelcastSessionStore(
                members.get(SURVIVOR),
                StoreOptions.DEFAULT,
                new ManualClock(),
                new SimpleMeterRegistry())) {
      int victim = 1;
      for (int round = 0; round < ROUNDS; round++) {
        // One lives since the last round, one came then: either may be next.
        int other = round + 2;
        int owner = random.nextBoolean() ? victim : other;
        crashAmidAppends(members, store, owner);
        victim = owner == victim ? other : victim;
        members.join();
        members.awaitSettled();
      }
    }
  }

  private void crashAmidAppends(Members members, HazelcastSessionStore store, int owner) {
    List<Claim> claims = new ArrayList<>();
    for (ClientId id : members.clientsBeside(members.clientOwnedBy(owner), 1 + random.nextInt(6))) {
      claims.add(new Claim(id, new NodeId("n", 1), 1));
    }
    claims.forEach(claim -> await(store.open(claim, true, 3600)));
    List<String> sent = new ArrayList<>();
    for (int i = random.nextInt(20); i > 0; i--) {
      sent.add(payload("answered " + i));
      await(append(store, claims, sent.get(sent.size() - 1)));
    }
    sent.add(payload("last answered"));
    CompletionStage<Void> last = append(store, claims, sent.get(sent.size() - 1));
    List<CompletionStage<Void>> underWay = new ArrayList<>();
    for (int i = random.nextInt(3) * random.nextInt(10); i > 0; i--) {
      sent.add(payload("under way " + i));
      underWay.add(append(store, claims, sent.get(sent.size() - 1)));
    }
    await(last.thenRun(() -> members.crash(owner)));
    underWay.forEach(Samples::await);
    for (Claim claim : claims) {
      assertThat(await(store.read(claim, 0, 1_000, Integer.MAX_VALUE)).entries())
          .as("the inbox of %s, with the seed %d", claim.clientId(), seed)
          .extracting(entry -> entry.delivery().publication().payload().toString())
          .isEqualTo(sent);
    }
  }

  /** Long ones are still on their way for a while after what is sent behind them. */
  private String payload(String start) {
    return start + "x".repeat(random.nextInt(PAYLOAD_BYTES_MAX));
  }

  private static CompletionStage<Void> append(
      HazelcastSessionStore store, List<Claim> claims, String payload) {
    Publication publication = publication("t", payload);
    return store.append(
        publication,
        claims.stream()
            .map(claim -> new InboxTarget(claim.clientId(), delivery(publication)))
            .toList());
  }
}
