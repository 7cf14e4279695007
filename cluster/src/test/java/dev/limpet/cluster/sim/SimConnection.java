package dev.limpet.cluster.sim;

import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.mqtt.PublicationId;
import dev.limpet.broker.mqtt.Will;
import dev.limpet.broker.spi.Claim;
import dev.limpet.broker.spi.cluster.Ending;
import dev.limpet.broker.spi.cluster.Release;
import dev.limpet.broker.spi.cluster.Release.WillFate;
import dev.limpet.broker.spi.durable.StoredEntry;
import dev.limpet.broker.spi.durable.StoredSlice;
import dev.limpet.broker.spi.store.Progress;
import dev.limpet.broker.spi.store.StoredSession;
import dev.limpet.broker.spi.store.SubscriptionChange;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The server's end of a connection: its claim, its session, its inbox reader, its release. */
final class SimConnection {
  static final long EXPIRY_SECONDS = 86_400;
  private static final int WINDOW = 6;

  final SimLink link;
  final CompletableFuture<Ending> done = new CompletableFuture<>();
  @Nullable Claim claim;
  long evictedThrough;
  boolean superseded;
  boolean abandoned;
  private final SimNode node;
  private final Set<Long> inFlight = new TreeSet<>();
  private final Map<Integer, PublicationId> received = new HashMap<>();
  private @Nullable StoredSession stored;
  private @Nullable PublicationId lastRead;
  private boolean begun;
  private boolean letIn;
  private boolean willDiscarded;
  private boolean wasConfirmed;
  private boolean reading;
  private boolean woken;
  private long through;

  SimConnection(SimNode node, SimLink link) {
    this.node = node;
    this.link = link;
  }

  ClientId clientId() {
    return link.client.clientId;
  }

  boolean isDurable() {
    return link.client.isDurable;
  }

  Claim claim() {
    return Objects.requireNonNull(claim);
  }

  boolean hasEnded() {
    return begun;
  }

  boolean isLetIn() {
    return letIn && !begun;
  }

  void opened(StoredSession session) {
    stored = session;
    received.putAll(session.received());
  }

  /** CONNACK, then the inbox. */
  void begin() {
    letIn = true;
    StoredSession session = stored;
    boolean present = session != null && session.present();
    link.toClient(() -> link.client.connected(link, present));
    if (session != null) {
      for (long sequence : session.released()) {
        inFlight.add(sequence);
        link.toClient(() -> link.client.pubrel(link, sequence));
      }
      wake();
    }
  }

  void wake() {
    woken = true;
    read();
  }

  private void read() {
    int room = WINDOW - inFlight.size();
    if (!letIn || begun || reading || stored == null || room <= 0 || !woken) {
      return;
    }
    reading = true;
    woken = false;
    long after = through;
    long epoch = claim().epoch();
    var unused =
        node.store
            .readSafe(
                clientId(), entry -> entry.write(cell -> cell.read(epoch, after, room, 1 << 20)))
            .thenAccept(this::read);
  }

  private void read(Optional<StoredSlice> found) {
    reading = false;
    if (found.isEmpty()) {
      fenced();
      return;
    }
    for (StoredEntry entry : found.get().entries()) {
      send(entry);
    }
    woken |= found.get().more() || inFlight.size() >= WINDOW;
    read();
  }

  private void send(StoredEntry entry) {
    var delivery = entry.entry().delivery();
    through = entry.sequence();
    lastRead = delivery.id();
    inFlight.add(through);
    long packetId = through;
    boolean dup = packetId <= Objects.requireNonNull(stored).sentThrough();
    String payload = delivery.publication().payload().toString();
    int qos = delivery.qos().level();
    link.toClient(() -> link.client.publish(link, new Got(payload, qos, packetId, dup)));
  }

  /** What a client gets. */
  record Got(String payload, int qos, long packetId, boolean dup) {}

  /** The store has refused: a newer claim holds the session. */
  private void fenced() {
    if (node.world.planted != Planted.SKIPPED_FENCING) {
      end();
    }
  }

  void puback(long sequence) {
    if (inFlight.remove(sequence)) {
      progress(new Progress(List.of(sequence), List.of(), List.of(), List.of(), through), () -> {});
      read();
    }
  }

  void pubrec(long sequence) {
    progress(
        new Progress(List.of(), List.of(sequence), List.of(), List.of(), through),
        () -> link.toClient(() -> link.client.pubrel(link, sequence)));
  }

  void pubcomp(long sequence) {
    if (inFlight.remove(sequence)) {
      progress(new Progress(List.of(), List.of(), List.of(sequence), List.of(), through), () -> {});
      read();
    }
  }

  private void progress(Progress progress, Runnable then) {
    if (begun) {
      return;
    }
    long epoch = claim().epoch();
    var unused =
        node.store
            .write(clientId(), entry -> entry.write(cell -> cell.acknowledge(epoch, progress)))
            .thenAccept(
                held -> {
                  if (held) {
                    then.run();
                  } else {
                    fenced();
                  }
                });
  }

  void ping() {
    if (!begun) {
      link.toClient(link.client::pong);
    }
  }

  void subscribe(SubscriptionChange change) {
    long epoch = claim().epoch();
    var unused =
        node.store
            .write(clientId(), entry -> entry.write(cell -> cell.subscribe(epoch, change)))
            .thenCompose(held -> node.connections.indexAtHome(clientId()))
            .thenRun(() -> link.toClient(link.client::suback));
  }

  /** The client publishes. */
  void publish(Sent sent) {
    if (begun) {
      return;
    }
    if (sent.qos() == 1) {
      route(node.path.nextId(), sent, () -> link.client.puback(link, sent));
      return;
    }
    PublicationId known = received.get(sent.packetId());
    node.world.trace("%s receives %s, known as %s", node, sent.payload(), known);
    if (known != null) {
      route(known, sent, () -> link.client.pubrec(link, sent));
      return;
    }
    PublicationId id = node.path.nextId();
    received.put(sent.packetId(), id);
    long epoch = claim().epoch();
    var unused =
        node.store
            .write(
                clientId(), entry -> entry.write(cell -> cell.receive(epoch, sent.packetId(), id)))
            .thenAccept(
                held -> {
                  if (held) {
                    route(id, sent, () -> link.client.pubrec(link, sent));
                  } else {
                    fenced();
                  }
                });
  }

  private void route(PublicationId id, Sent sent, Runnable answer) {
    var unused =
        node.path
            .route(node.path.publication(id, clientId(), sent.topic(), sent))
            .whenComplete(
                (nothing, failure) -> {
                  if (failure == null && !begun) {
                    link.toClient(answer);
                  } else if (failure != null) {
                    end();
                  }
                });
  }

  void pubrel(Sent sent) {
    received.remove(sent.packetId());
    progress(
        new Progress(List.of(), List.of(), List.of(), List.of(sent.packetId()), through),
        () -> link.toClient(() -> link.client.pubcomp(link, sent)));
  }

  /** Its client has closed; during CONNECT the steps go on and find that out. */
  void clientGone() {
    if (letIn) {
      end();
    }
  }

  void disconnect() {
    willDiscarded = true;
    wasConfirmed = node.isConfirmed();
    end();
  }

  /** Where its reader waits although the inbox has more. */
  boolean isStuck(long lastSequence) {
    return letIn && !begun && !reading && inFlight.size() < WINDOW && lastSequence > through;
  }

  @Nullable PublicationId lastRead() {
    return lastRead;
  }

  private Ending ending() {
    return new Ending(willDiscarded || !letIn, !isDurable());
  }

  /** Ends it once: stores, then releases, unless somebody else decides about it. */
  void end() {
    if (begun || claim == null) {
      return;
    }
    begun = true;
    node.world.trace("%s ends, superseded %s, abandoned %s", claim, superseded, abandoned);
    link.close();
    if (abandoned) {
      finish();
      return;
    }
    CompletableFuture<Boolean> closed = CompletableFuture.completedFuture(true);
    if (stored != null) {
      long epoch = claim().epoch();
      long now = node.world.clock.nowMillis();
      Progress last = new Progress(List.of(), List.of(), List.of(), List.of(), through);
      closed =
          node.store.write(
              clientId(),
              entry -> entry.write(cell -> cell.close(epoch, last, EXPIRY_SECONDS, now)));
    }
    var unused = closed.thenAccept(held -> release());
  }

  private void release() {
    if (superseded) {
      finish();
      return;
    }
    Will will = link.will;
    long delayMillis = will == null ? 0 : will.delaySeconds() * 1_000;
    boolean discard = ending().willCancelled();
    boolean keep = !discard && delayMillis > 0 && isDurable();
    WillFate fate = discard ? WillFate.DISCARD : keep ? WillFate.KEEP : WillFate.HAND_OVER;
    long dueMillis = keep ? node.world.clock.nowMillis() + delayMillis : 0;
    Release release = new Release(fate, dueMillis, !isDurable());
    long attempt = node.world.random.nextLong();
    Claim own = claim();
    var unused =
        node.store
            .step(
                clientId(),
                cell -> {
                  link.released();
                  return cell.release(own, release, attempt);
                })
            .thenAccept(
                answer -> {
                  if (!answer.held()) {
                    node.connections.remember(own, ending());
                  } else if (discard && will != null && wasConfirmed && node.isConfirmed()) {
                    node.world.invariants.cancelled(will.payload().toString());
                  }
                  if (keep) {
                    node.wills.publishLater(own, delayMillis);
                  }
                  if (answer.due() != null) {
                    node.wills.publish(clientId(), answer.due());
                  }
                  finish();
                });
  }

  private void finish() {
    node.world.trace("%s has ended", claim);
    node.connections.detach(this);
    done.complete(ending());
    if (stored != null && !superseded && !abandoned) {
      var unused = node.connections.indexAtHome(clientId());
    }
  }
}
