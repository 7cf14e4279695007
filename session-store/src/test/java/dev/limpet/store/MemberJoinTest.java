package dev.limpet.store;

import static dev.limpet.broker.spi.Samples.await;
import static dev.limpet.broker.spi.Samples.delivery;
import static dev.limpet.broker.spi.Samples.newClientId;
import static dev.limpet.broker.spi.Samples.publication;
import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.mqtt.NodeId;
import dev.limpet.broker.mqtt.Publication;
import dev.limpet.broker.spi.Claim;
import dev.limpet.broker.spi.ManualClock;
import dev.limpet.broker.spi.Samples;
import dev.limpet.broker.spi.durable.InboxLimits;
import dev.limpet.broker.spi.store.InboxTarget;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Partitions move to a member that joins while their sessions are written. */
class MemberJoinTest {
  private static final int CLIENTS = 60;
  private static final int ROUNDS = 60;

  private final List<Claim> claims =
      Stream.generate(() -> new Claim(newClientId(), new NodeId("n", 1), 1))
          .limit(CLIENTS)
          .toList();

  @Test
  void what_is_appended_meanwhile_arrives_once_and_in_order_and_survives_the_old_owner() {
    try (Members members = new Members(2);
        HazelcastSessionStore store =
            new HazelcastSessionStore(
                members.get(1),
                StoreOptions.builder().inbox(new InboxLimits(1_000_000, 1L << 30)).build(),
                new ManualClock(),
                new SimpleMeterRegistry())) {
      claims.forEach(claim -> await(store.open(claim, true, 3600)));
      CompletableFuture<Void> joined = CompletableFuture.runAsync(() -> joinAndSettle(members));
      List<CompletionStage<Void>> appends = new ArrayList<>();
      List<String> sent = new ArrayList<>();
      for (int round = 0; round < ROUNDS || !joined.isDone(); round++) {
        sent.add("n" + round);
        for (Claim claim : claims) {
          appends.add(append(store, claim.clientId(), "n" + round));
        }
        await(appends.get(appends.size() - 1));
      }
      appends.forEach(Samples::await);
      await(joined);
      assertEachHolds(store, sent);
      members.crash(0);
      assertEachHolds(store, sent);
    }
  }

  private static void joinAndSettle(Members members) {
    members.join();
    members.awaitSettled();
  }

  private void assertEachHolds(HazelcastSessionStore store, List<String> sent) {
    for (Claim claim : claims) {
      var inbox = await(store.read(claim, 0, Integer.MAX_VALUE, Integer.MAX_VALUE)).entries();
      assertThat(inbox)
          .extracting(entry -> entry.delivery().publication().payload().toString())
          .isEqualTo(sent);
      assertThat(inbox)
          .extracting(entry -> entry.sequence())
          .isEqualTo(IntStream.rangeClosed(1, sent.size()).mapToObj(Long::valueOf).toList());
    }
  }

  private static CompletionStage<Void> append(
      HazelcastSessionStore store, ClientId client, String payload) {
    Publication publication = publication("t", payload);
    return store.append(publication, List.of(new InboxTarget(client, delivery(publication))));
  }
}
