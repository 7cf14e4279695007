package dev.limpet.broker.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.broker.io.EmbeddedLane;
import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.mqtt.Delivery;
import dev.limpet.broker.mqtt.NodeId;
import dev.limpet.broker.mqtt.Publication;
import dev.limpet.broker.mqtt.Qos;
import dev.limpet.broker.session.SendQueue;
import dev.limpet.broker.session.SendWindow;
import dev.limpet.broker.solo.HeapSessionStore;
import dev.limpet.broker.spi.Claim;
import dev.limpet.broker.spi.Samples;
import dev.limpet.broker.spi.durable.InboxLimits;
import dev.limpet.broker.spi.store.InboxEntry;
import dev.limpet.broker.spi.store.InboxTarget;
import dev.limpet.broker.spi.store.Progress;
import dev.limpet.broker.spi.store.SessionStore;
import dev.limpet.broker.spi.store.StoredSession;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/**
 * An inbox, its reader and its client under random schedules of appends, late hints, slow answers,
 * pauses and reconnects: nothing is lost, doubled at QoS 2, or out of order, and no wake-up is
 * forgotten. A failure names its seed.
 */
class InboxSimulationTest {
  private static final int STEPS = 4_000;
  private static final NodeId NODE = new NodeId("n", 1);

  private final long seed = new Random().nextLong();
  private final Random random = new Random(seed);
  private final EmbeddedLane lane = new EmbeddedLane();
  private final HeapSessionStore heap =
      new HeapSessionStore(new InboxLimits(60_000, 1L << 30), () -> 0);
  private final LateStore store = new LateStore(heap);
  private final ClientId clientId = Samples.newClientId();
  private final SimulatedClient client = new SimulatedClient();
  private final Deque<InboxEntry> hints = new ArrayDeque<>();
  private final AtomicInteger failures = new AtomicInteger();
  private InboxReader reader;
  private Claim claim;
  private long epoch;
  private int published;

  /** Whether the node belongs to the cluster for certain; without that nothing is sent. */
  private boolean confirmed = true;

  @RepeatedTest(8)
  void every_message_arrives_once_and_in_order() {
    heap.onAppended((id, entry) -> hints.add(entry));
    connect();
    for (int i = 0; i < STEPS; i++) {
      step();
    }
    confirmed = true;
    settle();
    assertThat(client.problems).as("seed %d", seed).isEmpty();
    assertThat(failures.get()).as("seed %d", seed).isZero();
    assertThat(client.accepted).as("seed %d", seed).isEqualTo(client.expected(published));
    assertThat(depth()).as("inbox with seed %d", seed).isZero();
  }

  private void step() {
    switch (random.nextInt(12)) {
      case 0, 1, 2 -> append();
      case 3, 4 -> hint();
      case 5, 6 -> store.advance(random);
      case 7, 8, 9 -> client.answerOne(reader, random);
      case 10 -> pauseOrGoOn();
      default -> {
        if (random.nextInt(60) == 0) {
          reconnect();
        }
      }
    }
    if (random.nextInt(3) > 0) {
      lane.run();
    }
  }

  private void append() {
    for (int i = random.nextInt(10) == 0 ? 400 : 1; i > 0; i--) {
      Publication publication = Samples.publication("t", String.valueOf(published++));
      Qos qos = random.nextBoolean() ? Qos.AT_LEAST_ONCE : Qos.EXACTLY_ONCE;
      Delivery delivery = new Delivery(publication, qos, false, List.of());
      Samples.await(heap.append(publication, List.of(new InboxTarget(clientId, delivery))));
    }
  }

  /** The home tells the host, late but in order: here the entry itself, elsewhere its number. */
  private void hint() {
    boolean offers = random.nextBoolean();
    for (int i = random.nextInt(50); i >= 0 && !hints.isEmpty(); i--) {
      InboxEntry entry = hints.remove();
      if (offers) {
        reader.offer(entry);
      } else {
        reader.wake(entry.sequence());
      }
    }
  }

  private void pauseOrGoOn() {
    client.writable = random.nextInt(3) > 0;
    confirmed = random.nextInt(4) > 0;
    if (client.writable) {
      reader.drain();
    }
  }

  @Test
  void nothing_of_the_inbox_is_sent_until_the_node_is_confirmed() {
    confirmed = false;
    heap.onAppended((id, entry) -> hints.add(entry));
    connect();
    append();
    settle();
    lane.advanceMillis(1_000);
    assertThat(client.accepted).as("seed %d", seed).isEmpty();
    confirmed = true;
    lane.advanceMillis(1_000);
    settle();
    assertThat(client.accepted).as("seed %d", seed).isEqualTo(client.expected(published));
  }

  private void connect() {
    claim = new Claim(clientId, NODE, ++epoch);
    StoredSession stored = Samples.await(heap.open(claim, false, 3_600));
    InboxAccess access =
        new InboxAccess(
            store, claim, lane.lane(), client, () -> confirmed, failures::incrementAndGet);
    reader =
        new InboxReader(
            access, stored, new SendWindow(1 + random.nextInt(40)), new SendQueue(10, 1_000));
    client.reconnected();
    reader.start(stored);
  }

  private void reconnect() {
    CompletableFuture<Progress> last = reader.close().toCompletableFuture();
    while (!last.isDone()) {
      store.advance(random);
      lane.run();
    }
    Samples.await(heap.close(claim, last.join(), 3_600));
    store.finishAll();
    lane.run();
    client.writable = true;
    connect();
  }

  /** The client reads and answers all there is; every hint has come. */
  private void settle() {
    client.writable = true;
    reader.drain();
    int idle = 0;
    while (idle < 3) {
      while (!hints.isEmpty()) {
        hint();
      }
      boolean busy = client.answerOne(reader, random) | store.advance(random);
      lane.run();
      idle = busy ? 0 : idle + 1;
    }
  }

  private int depth() {
    return Samples.await(((SessionStore) heap).describe(clientId)).orElseThrow().inboxDepth();
  }
}
