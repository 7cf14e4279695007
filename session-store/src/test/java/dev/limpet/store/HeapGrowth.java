package dev.limpet.store;

import static dev.limpet.broker.spi.Samples.await;
import static dev.limpet.broker.spi.Samples.newClientId;
import static dev.limpet.broker.spi.Samples.subscription;

import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.mqtt.NodeId;
import dev.limpet.broker.mqtt.Publication;
import dev.limpet.broker.mqtt.Qos;
import dev.limpet.broker.spi.Claim;
import dev.limpet.broker.spi.ManualClock;
import dev.limpet.broker.spi.Samples;
import dev.limpet.broker.spi.durable.InboxLimits;
import dev.limpet.broker.spi.store.InboxTarget;
import dev.limpet.broker.spi.store.StoreUsage;
import dev.limpet.broker.spi.store.SubscriptionChange;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;

/**
 * Fills a store and prints by how much this process's heap has grown, and what the store says; for
 * {@link TrueBytesTest}.
 */
final class HeapGrowth {
  /** Begins the line with the result. */
  static final String RESULT = "growth";

  /** What is filled. */
  enum Kind {
    INBOXES,
    SESSIONS,
    SHARED
  }

  private final HazelcastSessionStore store;
  private final int count;
  private final int payloadBytes;

  private HeapGrowth(HazelcastSessionStore store, int count, int payloadBytes) {
    this.store = store;
    this.count = count;
    this.payloadBytes = payloadBytes;
  }

  /**
   * @param args the kind, how many, and the bytes of a payload
   */
  public static void main(String[] args) {
    try (Members members = new Members(1);
        HazelcastSessionStore store = store(members)) {
      new HeapGrowth(store, Integer.parseInt(args[1]), Integer.parseInt(args[2]))
          .run(Kind.valueOf(args[0]));
    }
  }

  private void run(Kind kind) {
    List<Claim> claims = sessions(kind == Kind.INBOXES ? 20 : 500);
    long heapBefore = heap();
    StoreUsage before = store.usage();
    switch (kind) {
      case INBOXES -> claims.forEach(claim -> fill(claim.clientId()));
      case SESSIONS -> sessions(count);
      case SHARED -> share(claims.subList(0, 100).stream().map(Claim::clientId).toList());
    }
    long said = store.usage().bytes() - before.bytes();
    // A program of its own: what it prints is its answer to the test that started it.
    System.out.println(RESULT + " " + (heap() - heapBefore) + " " + said);
  }

  private void fill(ClientId inbox) {
    for (int i = 0; i < count / 20; i++) {
      append(List.of(inbox));
    }
  }

  private void share(List<ClientId> inboxes) {
    for (int i = 0; i < count; i++) {
      append(inboxes);
    }
  }

  private List<Claim> sessions(int sessions) {
    List<Claim> claims = new ArrayList<>();
    for (int i = 0; i < sessions; i++) {
      Claim claim = new Claim(newClientId(), new NodeId("n", 1), 1);
      await(store.open(claim, true, 3_600));
      await(
          store.subscribe(
              claim,
              new SubscriptionChange(
                  List.of(subscription("plant/7/line/" + i + "/#", Qos.AT_LEAST_ONCE)),
                  List.of())));
      claims.add(claim);
    }
    return claims;
  }

  private void append(List<ClientId> inboxes) {
    Publication publication = Samples.publication("plant/7/line/3/state", "x".repeat(payloadBytes));
    await(
        store.append(
            publication,
            inboxes.stream()
                .map(id -> new InboxTarget(id, Samples.delivery(publication)))
                .toList()));
  }

  private static HazelcastSessionStore store(Members members) {
    return new HazelcastSessionStore(
        members.get(0),
        StoreOptions.builder().inbox(new InboxLimits(100_000, 1L << 30)).build(),
        new ManualClock(),
        new SimpleMeterRegistry());
  }

  /** What is left when there is nothing more to collect. */
  private static long heap() {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 4; i++) {
      System.gc();
      least = Math.min(least, ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
    }
    return least;
  }
}
