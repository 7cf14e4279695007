package dev.limpet.broker.spi;

import static dev.limpet.broker.spi.Samples.await;
import static dev.limpet.broker.spi.Samples.delivery;
import static dev.limpet.broker.spi.Samples.newClientId;

import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.mqtt.NodeId;
import dev.limpet.broker.mqtt.Publication;
import dev.limpet.broker.spi.durable.InboxLimits;
import dev.limpet.broker.spi.store.InboxEntry;
import dev.limpet.broker.spi.store.InboxTarget;
import dev.limpet.broker.spi.store.Progress;
import dev.limpet.broker.spi.store.SessionStore;
import dev.limpet.broker.spi.store.StoredSession;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.BeforeEach;

/** A store with small limits, a clock that stands still, and one client. */
public abstract class SessionStoreFixture {
  protected static final NodeId NODE_A = new NodeId("a", 1);
  protected static final NodeId NODE_B = new NodeId("b", 2);
  protected static final long NO_PROGRESS = 0;
  protected static final int HOUR_SECONDS = 3600;
  protected static final int BYTES_MAX = 1_000_000;
  protected static final InboxLimits LIMITS = new InboxLimits(10, 2_000);

  protected final ManualClock clock = new ManualClock();
  protected final ClientId client = newClientId();
  protected final Claim first = new Claim(client, NODE_A, 100);
  protected final Claim second = new Claim(client, NODE_B, 200);
  protected final List<InboxEntry> heard = new CopyOnWriteArrayList<>();
  protected SessionStore store;

  /** A store of its own for this test, or one that other tests use with other client ids. */
  protected abstract SessionStore createStore(InboxLimits limits, LongSupplier wallMillis);

  /** How many deliveries the store has dropped because an inbox was full. */
  protected abstract long overflowDropped();

  @BeforeEach
  void create() {
    store = createStore(LIMITS, clock);
    store.onAppended(
        (clientId, entry) -> {
          if (clientId.equals(client)) {
            heard.add(entry);
          }
        });
  }

  protected StoredSession open(Claim claim) {
    return await(store.open(claim, false, HOUR_SECONDS));
  }

  protected void close(Claim claim) {
    await(store.close(claim, sent(NO_PROGRESS), HOUR_SECONDS));
  }

  protected Publication append(String payload) {
    Publication publication = Samples.publication("some/topic", payload);
    append(publication);
    return publication;
  }

  protected void append(Publication publication) {
    await(store.append(publication, List.of(new InboxTarget(client, delivery(publication)))));
  }

  protected List<InboxEntry> inbox(Claim claim) {
    return await(store.read(claim, 0, 1000, BYTES_MAX)).entries();
  }

  protected List<String> payloads(Claim claim) {
    return inbox(claim).stream().map(SessionStoreFixture::payload).toList();
  }

  protected static String payload(InboxEntry entry) {
    return entry.delivery().publication().payload().toString();
  }

  protected static Progress acknowledged(long... sequences) {
    return new Progress(boxed(sequences), List.of(), List.of(), List.of(), 0);
  }

  protected static Progress released(long... sequences) {
    return new Progress(List.of(), boxed(sequences), List.of(), List.of(), 0);
  }

  protected static Progress completed(long... sequences) {
    return new Progress(List.of(), List.of(), boxed(sequences), List.of(), 0);
  }

  protected static Progress receivedDone(int packetId) {
    return new Progress(List.of(), List.of(), List.of(), List.of(packetId), 0);
  }

  protected static Progress sent(long sentThrough) {
    return new Progress(List.of(), List.of(), List.of(), List.of(), sentThrough);
  }

  private static List<Long> boxed(long... sequences) {
    return Arrays.stream(sequences).boxed().toList();
  }
}
