package dev.limpet.broker.spi.store;

import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.mqtt.Delivery;
import dev.limpet.broker.mqtt.Publication;
import dev.limpet.broker.mqtt.PublicationId;
import dev.limpet.broker.spi.Claim;
import dev.limpet.broker.spi.ClusterUnavailableException;
import dev.limpet.broker.topic.SharedFilter;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Stores durable sessions and their inboxes. Every completed write survives the death of any one
 * node.
 *
 * <p>Thread-safe; no method blocks. Stages complete on any thread. A write by a claim whose epoch
 * is older than the stored one fails with {@link FencedException} and changes nothing, and so does
 * one (but for {@code close}) for a session that is gone; a call the cluster did not answer fails
 * with {@link ClusterUnavailableException}. Every write is idempotent.
 */
public interface SessionStore {

  /** Sets the listener to appended entries. Called once, before the first append. */
  void onAppended(InboxListener listener);

  /**
   * Opens a session for a connection and raises its epoch to the claim's.
   *
   * @param cleanStart discard the state stored before
   * @param expirySeconds life after the connection ends; 0 creates nothing, but resumes a stored
   *     session (unless {@code cleanStart}); 0xFFFFFFFF for ever
   */
  CompletionStage<StoredSession> open(Claim claim, boolean cleanStart, long expirySeconds);

  /** Adds and removes subscriptions. */
  CompletionStage<Void> subscribe(Claim claim, SubscriptionChange change);

  /**
   * Appends to inboxes. An inbox that holds or lately held the publication's id drops it silently;
   * one that is full, or that is on a node whose inboxes are full together, drops it and counts
   * that; one that is gone is skipped. Appends called by one thread keep their order in each inbox.
   *
   * @return done when all targets hold it on two nodes; the {@link InboxListener} is told before
   */
  CompletionStage<Void> append(Publication publication, List<InboxTarget> targets);

  /**
   * Appends the retained publications of a new subscription, in order, and in the order of {@link
   * #append} calls of the same thread. They have their own bound in the inbox, and are refused
   * earlier than others when a node's inboxes fill up together; those that do not fit are dropped
   * and counted. A session that is gone or has lost the subscription is skipped.
   *
   * @param retained some hundred {@link Delivery#replayed} ones, under ids of their own
   * @return done when they are on two nodes; the {@link InboxListener} is told before
   */
  CompletionStage<Void> replay(
      ClientId clientId, SharedFilter subscription, List<Delivery> retained);

  /** Reads entries after a sequence, up to a count and (but for the first) a size in bytes. */
  CompletionStage<InboxSlice> read(Claim claim, long afterSequence, int messagesMax, int bytesMax);

  /** Notes how far the client has come. */
  CompletionStage<Void> acknowledge(Claim claim, Progress progress);

  /** Notes that an inbound QoS 2 publication has come, before it is routed. */
  CompletionStage<Void> receive(Claim claim, int packetId, PublicationId publicationId);

  /**
   * Ends the connection's use of the session, which waits for the next one until it expires.
   *
   * @param expirySeconds life from now on, which a v5 DISCONNECT may have changed; 0 removes it
   */
  CompletionStage<Void> close(Claim claim, Progress last, long expirySeconds);

  /**
   * Opens a session again for the connection that opened it, after it was closed as that of a dead
   * host. What it holds stays.
   *
   * @param lastRead the last delivery the connection has read from the inbox; null for none. A
   *     session that has not had it is another side's copy: fails with {@link FencedException}
   */
  CompletionStage<Void> reopen(Claim claim, @Nullable PublicationId lastRead);

  /** Closes the session of a host that died, if this claim still holds it. */
  CompletionStage<Void> closeOrphan(Claim orphan);

  /**
   * Removes a session that has expired.
   *
   * @return whether it is gone now; false when it is connected again or not due yet
   */
  CompletionStage<Boolean> expire(ClientId clientId, long epoch);

  /**
   * Whether the inbox of any of these sessions holds a delivery, or lately held it.
   *
   * @param delivery {@link Delivery#id}
   */
  CompletionStage<Boolean> knowsAny(Collection<ClientId> clientIds, PublicationId delivery);

  /** Whether the inboxes of this node hold as much together as they may; costs nothing. */
  default boolean isFull() {
    return false;
  }

  /**
   * Returns the usage on this node: deliveries in the inboxes at home here, and the bytes of all
   * sessions, including copies of others; costs nothing.
   */
  default StoreUsage usage() {
    return StoreUsage.NONE;
  }

  /** Returns the stored sessions of these ids; ids without a session are left out. */
  CompletionStage<List<SessionImage>> describe(Collection<ClientId> clientIds);

  /** Returns the stored session of one id. */
  default CompletionStage<Optional<SessionImage>> describe(ClientId clientId) {
    return describe(List.of(clientId)).thenApply(images -> images.stream().findFirst());
  }
}
