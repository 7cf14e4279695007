package dev.limpet.broker.spi.durable;

import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.mqtt.ConnectRequest;
import dev.limpet.broker.mqtt.NodeId;
import dev.limpet.broker.mqtt.PublicationId;
import dev.limpet.broker.mqtt.Subscription;
import dev.limpet.broker.spi.Claim;
import dev.limpet.broker.spi.store.Progress;
import dev.limpet.broker.spi.store.SessionImage;
import dev.limpet.broker.spi.store.StoredSession;
import dev.limpet.broker.spi.store.SubscriptionChange;
import dev.limpet.broker.topic.SharedFilter;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Holds the stored state of one client: its claim, its subscriptions and its inbox.
 *
 * <p>Mutable and not thread-safe: confined to the holder of its key in the store (a partition's
 * thread, or the lock of a map entry). Only values made from it may leave.
 */
public final class DurableSession {
  /** Heap of this object and its empty maps, its key and the store's entry. */
  private static final int OBJECT_BYTES = 600;

  private final Map<SharedFilter, Subscription> subscriptions = new LinkedHashMap<>();
  private final Map<Integer, PublicationId> received = new HashMap<>();
  private final Inbox inbox;

  /** Of {@link #subscriptions}. */
  private long subscriptionBytes;

  private final SessionState.Begun begun;
  private long epoch;
  private @Nullable NodeId host;
  private boolean resumed;
  private long expirySeconds;
  private long expiresAtMillis;
  private long sentThrough;

  DurableSession(SessionState.Begun begun, long nextSequence) {
    this.begun = begun;
    this.inbox = new Inbox(nextSequence);
  }

  private DurableSession(SessionState state) {
    begun = state.begun();
    epoch = state.opened().epoch();
    host = state.opened().host();
    resumed = state.opened().resumed();
    expirySeconds = state.expiry().seconds();
    expiresAtMillis = state.expiry().atMillis();
    sentThrough = state.sentThrough();
    state.subscriptions().forEach(this::add);
    received.putAll(state.received());
    inbox = Inbox.of(state.inbox());
  }

  /** The session that {@link #state} was taken of. */
  public static DurableSession of(SessionState state) {
    return new DurableSession(state);
  }

  /** All of it, for serializers. */
  public SessionState state() {
    return new SessionState(
        begun,
        new SessionState.Opened(epoch, host, resumed),
        new SessionState.Expiry(expirySeconds, expiresAtMillis),
        sentThrough,
        List.copyOf(subscriptions.values()),
        received,
        inbox.state());
  }

  /**
   * Unites two copies of a client's session that two sides of a split network have written. The
   * newer claim decides who holds it; of the same claim, the copy that still knows its host.
   * Deliveries that either copy alone holds stay, behind the others; those that either side's
   * client has acknowledged go. Subscriptions are united unless one copy goes back to the other's
   * beginning, since then the newer one knows which have ended. Inbox bounds do not count here:
   * everything in it is acknowledged to its publisher.
   *
   * <p>When both copies of the same claim have a host, nobody knows which one its connection has
   * read: it is fenced, and the client reconnects.
   *
   * @param larger the copy of the side that had more nodes
   * @return the copy that leads when it loses and gains nothing, else a new session
   */
  public static DurableSession unite(
      DurableSession larger, DurableSession smaller, long nowMillis) {
    boolean smallerLeads =
        smaller.epoch == larger.epoch
            ? larger.isClosed() && !smaller.isClosed()
            : smaller.epoch > larger.epoch;
    DurableSession leading = smallerLeads ? smaller : larger;
    DurableSession other = smallerLeads ? larger : smaller;
    boolean same = leading.begun.equals(other.begun);
    if (!same && (leading.begun.cleanStart() || other.isExpired(nowMillis))) {
      return leading; // the client has given the other one up, or time has
    }
    DurableSession united = new DurableSession(leading.state());
    boolean changed = united.inbox.unite(other.inbox);
    for (Map.Entry<Integer, PublicationId> noted : other.received.entrySet()) {
      changed |= united.received.putIfAbsent(noted.getKey(), noted.getValue()) == null;
    }
    if (!same) {
      changed |= united.addMissing(other.subscriptions.values());
    }
    if (changed && leading.epoch == other.epoch && !other.isClosed()) {
      united.fence(nowMillis);
    }
    return changed ? united : leading;
  }

  private void fence(long nowMillis) {
    epoch++; // below the next claim's, which is at least one above the last claim's
    hostLost();
    close(expirySeconds, nowMillis);
  }

  private boolean addMissing(Collection<Subscription> others) {
    int before = subscriptions.size();
    for (Subscription other : others) {
      if (!hasSubscription(other.filter())) {
        add(other);
      }
    }
    return subscriptions.size() > before;
  }

  /** Of the claim that opened it last. */
  public long epoch() {
    return epoch;
  }

  StoredSlice read(long afterSequence, int messagesMax, long bytesMax) {
    return inbox.read(afterSequence, messagesMax, bytesMax, sentThrough);
  }

  /** Deliveries its inbox holds. */
  public int inboxMessages() {
    return inbox.messages();
  }

  /** Returns its size on the heap, with its part of shared publications. */
  public long heapBytes() {
    return OBJECT_BYTES + subscriptionBytes + 120L * received.size() + inbox.heapBytes();
  }

  Inbox inbox() {
    return inbox;
  }

  boolean hasSubscription(SharedFilter filter) {
    return subscriptions.containsKey(filter);
  }

  boolean isClosed() {
    return host == null;
  }

  boolean isExpired(long nowMillis) {
    return host == null && nowMillis >= expiresAtMillis;
  }

  boolean isHeldBy(Claim claim) {
    return epoch == claim.epoch() && claim.host().equals(host);
  }

  long expirySeconds() {
    return expirySeconds;
  }

  void open(Claim claim, boolean present, long newExpirySeconds) {
    epoch = claim.epoch();
    host = claim.host();
    resumed = present;
    expirySeconds = newExpirySeconds;
    expiresAtMillis = Long.MAX_VALUE;
  }

  /** The host that was taken for dead lives, and serves it still. */
  void reopen(Claim claim) {
    epoch = claim.epoch();
    host = claim.host();
    expiresAtMillis = Long.MAX_VALUE;
  }

  /**
   * The host died without reporting how far it had sent: every delivery may have been sent, so
   * resent ones are marked DUP [MQTT-3.3.1-1].
   */
  void hostLost() {
    sentThrough = Math.max(sentThrough, inbox.nextSequence() - 1);
  }

  void close(long newExpirySeconds, long nowMillis) {
    host = null;
    expirySeconds = newExpirySeconds;
    expiresAtMillis =
        newExpirySeconds >= ConnectRequest.NEVER_EXPIRES
            ? Long.MAX_VALUE
            : nowMillis + newExpirySeconds * 1000;
  }

  void change(SubscriptionChange change) {
    for (SharedFilter filter : change.removed()) {
      forget(subscriptions.remove(filter));
    }
    change.added().forEach(this::add);
  }

  private void add(Subscription subscription) {
    forget(subscriptions.put(subscription.filter(), subscription));
    subscriptionBytes += bytes(subscription);
  }

  private void forget(@Nullable Subscription gone) {
    subscriptionBytes -= gone == null ? 0 : bytes(gone);
  }

  /** Of its objects, its place in the map and its filter; as measured. */
  private static long bytes(Subscription subscription) {
    return 240L + subscription.filter().toString().length();
  }

  /** A full inbox first makes room by dropping deliveries that would never be sent. */
  long append(StoredDelivery delivery, InboxLimits limits, long nowMillis) {
    long result = inbox.append(delivery, limits);
    return result == AppendResult.OVERFLOW && inbox.dropExpired(nowMillis, sentThrough)
        ? inbox.append(delivery, limits)
        : result;
  }

  void receive(int packetId, PublicationId publicationId) {
    received.put(packetId, publicationId);
  }

  void advance(Progress progress) {
    progress.acknowledged().forEach(inbox::acknowledge);
    progress.released().forEach(inbox::release);
    progress.completed().forEach(inbox::complete);
    progress.receivedDone().forEach(received::remove);
    sentThrough = Math.max(sentThrough, progress.sentThrough());
  }

  StoredSession stored() {
    return new StoredSession(
        resumed, List.copyOf(subscriptions.values()), inbox.released(), received, sentThrough);
  }

  SessionImage image(ClientId clientId) {
    return new SessionImage(
        clientId,
        epoch,
        host,
        expiresAtMillis,
        inbox.depth(),
        inbox.lastSequence(),
        List.copyOf(subscriptions.values()));
  }
}
