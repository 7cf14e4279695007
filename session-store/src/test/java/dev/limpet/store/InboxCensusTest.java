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
import dev.limpet.broker.spi.InboxTarget;
import dev.limpet.broker.spi.ManualClock;
import dev.limpet.broker.spi.StoreUsage;
import dev.limpet.broker.spi.durable.InboxTally;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Inboxes that change while they are counted. */
class InboxCensusTest {
  private final InboxTally tally = InboxTally.unlimited();
  private final InboxCensus census = new InboxCensus(tally);

  @Test
  void what_changes_is_counted_once_whenever_it_is_measured() {
    tally.add(1_000, 9_000); // from before partitions moved
    census.changed(new InboxChange("early", 5, 50, 1, 10));
    census.changed(new InboxChange("early", 6, 60, 1, 10));
    census.begin(Set.of("early", "before", "after", "ended", "quiet"));
    census.changed(new InboxChange("before", 3, 30, 3, 30));
    census.measured("before", new StoreUsage(3, 30));
    census.measured("early", new StoreUsage(6, 60));
    census.measured("after", new StoreUsage(7, 70));
    census.changed(new InboxChange("after", 5, 50, -2, -20));
    census.changed(new InboxChange("ended", 0, 0, -4, -40));
    census.measured("quiet", new StoreUsage(100, 1_000));
    census.changed(new InboxChange("new", 2, 20, 2, 20));
    census.end();
    assertThat(tally.usage()).isEqualTo(new StoreUsage(116, 1_160));

    census.changed(new InboxChange("quiet", 99, 990, -1, -10)); // by who saw the count begin
    assertThat(tally.usage()).isEqualTo(new StoreUsage(115, 1_150));
  }

  @Test
  void an_append_that_comes_before_its_inbox_is_measured_counts_once() throws Exception {
    ClientId client = newClientId();
    Claim claim = new Claim(client, new NodeId("n", 1), 1);
    CompletableFuture<Void> release = new CompletableFuture<>();
    StoreThreads threads = new StoreThreads("census");
    try (Members members = new Members(1);
        HazelcastSessionStore store =
            new HazelcastSessionStore(
                members.get(0),
                StoreOptions.DEFAULT,
                new ManualClock(),
                new SimpleMeterRegistry());
        InboxCount count = new InboxCount(members.get(0), tally, threads)) {
      await(store.open(claim, true, 3_600));
      members.hold(0, client, release);
      CompletionStage<Void> appended = append(store, client);
      Thread counting = new Thread(count::count);
      counting.start();
      Awaitility.await().until(() -> counting.getState() == Thread.State.WAITING);
      release.complete(null);
      await(appended);
      counting.join();
      assertThat(tally.usage().messages()).isEqualTo(1);
    } finally {
      release.complete(null);
      threads.close();
    }
  }

  private static CompletionStage<Void> append(HazelcastSessionStore store, ClientId client) {
    Publication publication = publication("t", "p");
    return store.append(publication, List.of(new InboxTarget(client, delivery(publication))));
  }
}
