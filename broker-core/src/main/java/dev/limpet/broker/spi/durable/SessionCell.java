package dev.limpet.broker.spi.durable;

import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.mqtt.PublicationId;
import dev.limpet.broker.spi.Claim;
import dev.limpet.broker.spi.store.Progress;
import dev.limpet.broker.spi.store.SessionImage;
import dev.limpet.broker.spi.store.StoredSession;
import dev.limpet.broker.spi.store.SubscriptionChange;
import dev.limpet.broker.topic.SharedFilter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Applies the rules of every write to the session of one client id, if any. A store opens a cell on
 * its entry, calls one or more methods, and keeps {@link #session} (or removes the key when that is
 * null).
 *
 * <p>Writes of a claim answer empty or false when they are <em>fenced</em>: the stored epoch is
 * newer, or the session is gone, which only a newer claim (or the claim itself) can have done.
 * Confined to the caller.
 */
public final class SessionCell {
  private @Nullable DurableSession session;

  public SessionCell(@Nullable DurableSession session) {
    this.session = session;
  }

  /** Returns the session the store must keep from now on; null for none. */
  public @Nullable DurableSession session() {
    return session;
  }

  /** {@code SessionStore.open}; empty when fenced. Repeating it repeats the answer. */
  public Optional<StoredSession> open(
      Claim claim, boolean cleanStart, long expirySeconds, long nowMillis) {
    DurableSession before = session;
    if (before != null && before.epoch() > claim.epoch()) {
      return Optional.empty();
    }
    if (before != null && before.isHeldBy(claim)) {
      return Optional.of(before.stored());
    }
    boolean present = before != null && !cleanStart && !before.isExpired(nowMillis);
    if (!present && expirySeconds == 0) {
      session = null;
      return Optional.of(new StoredSession(false, List.of(), List.of(), Map.of(), 0));
    }
    if (before == null || !present) {
      // Numbers continue where the old inbox stopped: late acknowledgements match nothing in the
      // new one.
      before =
          new DurableSession(
              new SessionState.Begun(claim.host().incarnation(), claim.epoch(), cleanStart),
              before == null ? 1 : before.inbox().nextSequence());
    }
    if (present && !before.isClosed()) {
      before.hostLost();
    }
    before.open(claim, present, expirySeconds);
    session = before;
    return Optional.of(before.stored());
  }

  /** {@code SessionStore.subscribe}. */
  public boolean subscribe(long epoch, SubscriptionChange change) {
    if (session == null || session.epoch() > epoch) {
      return false;
    }
    session.change(change);
    return true;
  }

  /**
   * {@code SessionStore.append} of one delivery.
   *
   * @return to be read with {@link AppendResult}
   */
  public long append(StoredDelivery delivery, InboxLimits limits, long nowMillis) {
    if (session == null || session.isExpired(nowMillis)) {
      return AppendResult.SKIPPED;
    }
    return session.append(delivery, limits, nowMillis);
  }

  /**
   * {@code SessionStore.replay} of one delivery.
   *
   * @return to be read with {@link AppendResult}
   */
  public long replay(
      StoredDelivery delivery, SharedFilter subscription, InboxLimits limits, long nowMillis) {
    return session == null || !session.hasSubscription(subscription)
        ? AppendResult.SKIPPED
        : append(delivery, limits, nowMillis);
  }

  /** {@code SessionStore.knowsAny} of one session. */
  public boolean knows(PublicationId delivery) {
    return session != null && session.inbox().knows(delivery);
  }

  /** {@code SessionStore.read}; empty when fenced. */
  public Optional<StoredSlice> read(
      long epoch, long afterSequence, int messagesMax, long bytesMax) {
    if (session == null || session.epoch() > epoch) {
      return Optional.empty();
    }
    return Optional.of(session.read(afterSequence, messagesMax, bytesMax));
  }

  /** {@code SessionStore.acknowledge}. */
  public boolean acknowledge(long epoch, Progress progress) {
    if (session == null || session.epoch() > epoch) {
      return false;
    }
    session.advance(progress);
    return true;
  }

  /** {@code SessionStore.receive}. */
  public boolean receive(long epoch, int packetId, PublicationId publicationId) {
    if (session == null || session.epoch() > epoch) {
      return false;
    }
    session.receive(packetId, publicationId);
    return true;
  }

  /** {@code SessionStore.close}; a session that is gone is closed enough. */
  public boolean close(long epoch, Progress last, long expirySeconds, long nowMillis) {
    if (session == null) {
      return true;
    }
    if (session.epoch() > epoch) {
      return false;
    }
    session.advance(last);
    if (expirySeconds == 0) {
      session = null;
    } else if (!session.isClosed()) { // The expiry runs from the first close.
      session.close(expirySeconds, nowMillis);
    }
    return true;
  }

  /** {@code SessionStore.reopen}. */
  public boolean reopen(Claim claim, @Nullable PublicationId lastRead) {
    if (session == null || session.epoch() > claim.epoch()) {
      return false;
    }
    if (session.isHeldBy(claim)) {
      return true;
    }
    boolean same = lastRead == null || knows(lastRead);
    if (same) {
      session.reopen(claim);
    }
    return same;
  }

  /** {@code SessionStore.closeOrphan}. */
  public void closeOrphan(Claim orphan, long nowMillis) {
    if (session == null || !session.isHeldBy(orphan)) {
      return;
    }
    if (session.expirySeconds() == 0) {
      session = null;
    } else {
      session.hostLost();
      session.close(session.expirySeconds(), nowMillis);
    }
  }

  /** {@code SessionStore.expire}. */
  public boolean expire(long epoch, long nowMillis) {
    if (session == null) {
      return true;
    }
    if (session.epoch() > epoch || !session.isExpired(nowMillis)) {
      return false;
    }
    session = null;
    return true;
  }

  /** {@code SessionStore.describe}. */
  public Optional<SessionImage> describe(ClientId clientId) {
    return session == null ? Optional.empty() : Optional.of(session.image(clientId));
  }
}
