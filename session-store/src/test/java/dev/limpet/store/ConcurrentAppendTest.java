package dev.limpet.store;

import static dev.limpet.broker.spi.Samples.await;
import static dev.limpet.broker.spi.Samples.delivery;
import static dev.limpet.broker.spi.Samples.newClientId;
import static dev.limpet.broker.spi.Samples.publication;
import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.mqtt.NodeId;
import dev.limpet.broker.spi.Claim;
import dev.limpet.broker.spi.ManualClock;
import dev.limpet.broker.spi.Samples;
import dev.limpet.broker.spi.store.InboxEntry;
import dev.limpet.broker.spi.store.InboxTarget;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Many threads append to one inbox at once. */
class ConcurrentAppendTest {
  private static final int APPENDERS = 4;
  private static final int APPENDS_EACH = 500;

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final ClientId client = newClientId();
  private final List<InboxEntry> heard = new CopyOnWriteArrayList<>();

  @Test
  void each_appender_keeps_its_order_and_the_listener_hears_the_order_of_the_inbox()
      throws Exception {
    try (Members members = new Members(2);
        var store =
            new HazelcastSessionStore(
                members.get(0), StoreOptions.DEFAULT, new ManualClock(), registry)) {
      store.onAppended((id, entry) -> heard.add(entry));
      Claim claim = new Claim(client, new NodeId("a", 1), 1);
      await(store.open(claim, true, 3600));
      appendFromManyThreads(store);
      List<InboxEntry> inbox =
          await(store.read(claim, 0, Integer.MAX_VALUE, Integer.MAX_VALUE)).entries();
      assertThat(heard).isEqualTo(inbox);
      for (int appender = 0; appender < APPENDERS; appender++) {
        String prefix = appender + ":";
        assertThat(payloads(inbox))
            .filteredOn(payload -> payload.startsWith(prefix))
            .isEqualTo(
                IntStream.range(0, APPENDS_EACH).mapToObj(number -> prefix + number).toList());
      }
      assertThat(registry.counter("limpet.store.operations").count())
          .isLessThan(registry.counter("limpet.store.writes").count());
    }
  }

  private void appendFromManyThreads(HazelcastSessionStore store) throws Exception {
    ExecutorService appenders = Executors.newFixedThreadPool(APPENDERS);
    try {
      List<Callable<List<CompletionStage<Void>>>> work = new ArrayList<>();
      for (int appender = 0; appender < APPENDERS; appender++) {
        String prefix = appender + ":";
        work.add(() -> append(store, prefix));
      }
      for (Future<List<CompletionStage<Void>>> appends : appenders.invokeAll(work)) {
        appends.get().forEach(Samples::await);
      }
    } finally {
      appenders.shutdown();
    }
  }

  private List<CompletionStage<Void>> append(HazelcastSessionStore store, String prefix) {
    List<CompletionStage<Void>> appends = new ArrayList<>();
    for (int number = 0; number < APPENDS_EACH; number++) {
      var publication = publication("t", prefix + number);
      appends.add(
          store.append(publication, List.of(new InboxTarget(client, delivery(publication)))));
    }
    return appends;
  }

  private static List<String> payloads(List<InboxEntry> entries) {
    return entries.stream().map(e -> e.delivery().publication().payload().toString()).toList();
  }
}
