package dev.limpet.store;

import static dev.limpet.broker.spi.Samples.await;
import static dev.limpet.broker.spi.Samples.delivery;
import static dev.limpet.broker.spi.Samples.publication;
import static dev.limpet.broker.spi.Samples.subscription;
import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.mqtt.NodeId;
import dev.limpet.broker.mqtt.Publication;
import dev.limpet.broker.mqtt.PublicationId;
import dev.limpet.broker.mqtt.Qos;
import dev.limpet.broker.spi.Claim;
import dev.limpet.broker.spi.ManualClock;
import dev.limpet.broker.spi.Samples;
import dev.limpet.broker.spi.store.InboxEntry;
import dev.limpet.broker.spi.store.InboxTarget;
import dev.limpet.broker.spi.store.Progress;
import dev.limpet.broker.spi.store.SessionImage;
import dev.limpet.broker.spi.store.StoredSession;
import dev.limpet.broker.spi.store.SubscriptionChange;
import dev.limpet.broker.topic.SharedFilter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is left when the owner of a session dies without a word. */
class OwnerCrashTest {
  private static final int OWNER = 0;
  private static final int SURVIVOR = 1;

  private final Members members = new Members(3);
  private final ClientId client = members.clientOwnedBy(OWNER);
  private final Claim first = new Claim(client, new NodeId("a", 1), 100);
  private final Claim second = new Claim(client, new NodeId("b", 2), 200);
  private final List<InboxEntry> heard = new CopyOnWriteArrayList<>();
  private HazelcastSessionStore store;

  @BeforeEach
  void open() {
    store =
        new HazelcastSessionStore(
            members.get(SURVIVOR),
            StoreOptions.DEFAULT,
            new ManualClock(),
            new SimpleMeterRegistry());
    store.onAppended((id, entry) -> heard.add(entry));
    await(store.open(first, false, 3600));
  }

  @AfterEach
  void close() {
    store.close();
    members.close();
  }

  @Test
  void every_acknowledged_append_survives() {
    List<String> acknowledged = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      await(append(publication("t", "n" + i)));
      acknowledged.add("n" + i);
    }
    members.crash(OWNER);
    assertThat(payloads(inbox())).isEqualTo(acknowledged);
  }

  @Test
  void appends_under_way_during_the_crash_arrive_once_and_in_order() {
    List<CompletionStage<Void>> appends = new ArrayList<>();
    List<String> sent = new ArrayList<>();
    for (int i = 0; i < 5_000; i++) {
      appends.add(append(publication("t", "n" + i)));
      sent.add("n" + i);
      if (i == 2_000) {
        await(appends.get(100));
        members.crash(OWNER);
      }
    }
    appends.forEach(Samples::await);
    assertThat(payloads(inbox())).isEqualTo(sent);
    assertThat(heard).isEqualTo(inbox());
  }

  @Test
  void a_publication_that_is_routed_again_is_known_to_the_new_owner() {
    Publication kept = publication("t", "kept");
    Publication done = publication("t", "done");
    await(append(kept));
    await(append(done));
    await(store.acknowledge(first, progress(List.of(2L), 2)));
    members.crash(OWNER);
    await(append(kept));
    await(append(done));
    assertThat(payloads(inbox())).containsExactly("kept");
  }

  @Test
  void the_backup_has_come_to_the_same_session() {
    var removed = subscription("b", Qos.AT_LEAST_ONCE);
    var added = List.of(subscription("a/#", Qos.EXACTLY_ONCE), removed);
    await(store.subscribe(first, new SubscriptionChange(added, List.of())));
    var removal = List.of(SharedFilter.parse("b"));
    await(store.subscribe(first, new SubscriptionChange(List.of(), removal)));
    await(store.receive(first, 9, new PublicationId(3, 4)));
    for (int i = 1; i <= 20; i++) {
      await(append(publication("t", "n" + i)));
    }
    await(
        store.acknowledge(
            first, new Progress(List.of(1L, 3L), List.of(2L, 5L), List.of(2L), List.of(), 7)));
    List<InboxEntry> before = inbox();
    SessionImage image = await(store.describe(client)).orElseThrow();
    members.crash(OWNER);
    assertThat(inbox()).isEqualTo(before).hasSize(16);
    assertThat(await(store.describe(client))).contains(image);
    await(store.close(first, progress(List.of(), 0), 3600));
    assertThat(await(store.open(second, false, 3600)))
        .isEqualTo(
            new StoredSession(
                true,
                List.of(subscription("a/#", Qos.EXACTLY_ONCE)),
                List.of(5L),
                Map.of(9, new PublicationId(3, 4)),
                7));
  }

  private CompletionStage<Void> append(Publication publication) {
    return store.append(publication, List.of(new InboxTarget(client, delivery(publication))));
  }

  private List<InboxEntry> inbox() {
    return await(store.read(first, 0, 100_000, Integer.MAX_VALUE)).entries();
  }

  private static List<String> payloads(List<InboxEntry> entries) {
    return entries.stream().map(e -> e.delivery().publication().payload().toString()).toList();
  }

  private static Progress progress(List<Long> acknowledged, long sentThrough) {
    return new Progress(acknowledged, List.of(), List.of(), List.of(), sentThrough);
  }
}
