package dev.limpet.broker.connection.attachment;

import dev.limpet.broker.connection.ClientOutput;
import dev.limpet.broker.connection.MqttConnection;
import dev.limpet.broker.connection.Permissions;
import dev.limpet.broker.delivery.HeldBack;
import dev.limpet.broker.delivery.InboxReader;
import dev.limpet.broker.delivery.Subscriber;
import dev.limpet.broker.events.Client;
import dev.limpet.broker.io.Lane;
import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.mqtt.Delivery;
import dev.limpet.broker.mqtt.PublicationId;
import dev.limpet.broker.mqtt.ReasonCode;
import dev.limpet.broker.mqtt.Subscription;
import dev.limpet.broker.mqtt.Will;
import dev.limpet.broker.session.Outbox;
import dev.limpet.broker.session.SendQueue;
import dev.limpet.broker.session.Session;
import dev.limpet.broker.spi.Authenticator;
import dev.limpet.broker.spi.Claim;
import dev.limpet.broker.spi.ClientIdentity;
import dev.limpet.broker.spi.Decision;
import dev.limpet.broker.spi.Stages;
import dev.limpet.broker.spi.cluster.ClientView;
import dev.limpet.broker.spi.cluster.Ending;
import dev.limpet.broker.spi.store.InboxEntry;
import dev.limpet.broker.topic.SharedFilter;
import dev.limpet.broker.topic.TopicFilter;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Ties one session to one connection under one epoch; ends with the socket.
 *
 * <p>Confined to its lane, except as {@link Subscriber} says, and {@link #claim}, {@link #evict}
 * and {@link #view}.
 */
public final class Attachment implements Subscriber {
  private final Lane lane;
  private final Claim claim;
  private final ClientIdentity identity;
  private final Session session;
  private final Outbox outbox;
  private final @Nullable InboxReader reader;
  private final MqttConnection connection;
  private final ClientOutput output;
  private final SessionRelease sessionRelease;
  private final Supplier<SendQueue> queues;

  /** Null while no subscription brings retained publications. */
  private @Nullable HeldBack heldBack;

  private volatile List<Subscription> subscriptionsSeen;
  private volatile int queuedSeen;

  public Attachment(
      MqttConnection connection, AttachmentParts parts, SessionRelease sessionRelease) {
    this.connection = connection;
    this.lane = connection.lane();
    this.output = connection.output();
    this.claim = parts.claim();
    this.identity = parts.identity();
    this.session = parts.session();
    this.outbox = parts.outbox();
    this.reader = parts.reader();
    this.sessionRelease = sessionRelease;
    this.queues = parts.queues();
    this.subscriptionsSeen = session.subscriptions();
  }

  @Override
  public Lane lane() {
    return lane;
  }

  @Override
  public ClientId clientId() {
    return claim.clientId();
  }

  @Override
  public boolean isDurable() {
    return session.isDurable();
  }

  @Override
  public Client client() {
    return connection.caller().client();
  }

  @Override
  public boolean deliver(Delivery delivery) {
    if (!output.mayHave(delivery)) {
      return delivery.share() == null; // another member of a share group may have it
    }
    HeldBack held = heldBack;
    boolean waits =
        held != null && delivery.share() == null && held.covers(delivery.publication().topic());
    return waits ? held.offer(delivery) : outbox.deliver(delivery);
  }

  @Override
  public boolean replay(Delivery delivery) {
    return outbox.replay(delivery);
  }

  @Override
  public HeldBack.Hold holdBack(TopicFilter filter) {
    if (heldBack == null) {
      watchInbox(new HeldBack(queues.get()));
    }
    return heldBack.begin(filter);
  }

  @Override
  public void goOn(HeldBack.Hold hold, Consumer<Delivery> refused) {
    if (heldBack == null) {
      return; // the connection has ended meanwhile
    }
    boolean more =
        heldBack.end(
            hold,
            delivery -> {
              if (!outbox.deliver(delivery)) {
                refused.accept(delivery);
              }
            });
    if (!more) {
      watchInbox(null);
    }
  }

  private void watchInbox(@Nullable HeldBack next) {
    heldBack = next;
    if (reader != null) {
      reader.watch(next);
    }
  }

  /** The connection has ended: nothing is sent any more. */
  void discard() {
    outbox.discard();
    if (heldBack != null) {
      heldBack.close();
      watchInbox(null);
    }
  }

  public Claim claim() {
    return claim;
  }

  public ClientIdentity identity() {
    return identity;
  }

  public Session session() {
    return session;
  }

  public Outbox outbox() {
    return outbox;
  }

  /** Reads the inbox of a durable session; null for a transient one. */
  public @Nullable InboxReader reader() {
    return reader;
  }

  public SessionRelease sessionRelease() {
    return sessionRelease;
  }

  void offer(InboxEntry entry) {
    if (reader != null) {
      reader.offer(entry);
    }
  }

  void wake(long sequence) {
    if (reader != null) {
      reader.wake(sequence);
    }
  }

  /** Runs a task on the lane; empty when the connection's end has begun. */
  <T> CompletableFuture<Optional<T>> whileConnected(
      Function<@Nullable PublicationId, CompletionStage<T>> task) {
    CompletableFuture<Optional<T>> done = new CompletableFuture<>();
    lane.run(
        () -> {
          if (sessionRelease.hasBegun()) {
            done.complete(Optional.empty());
            return;
          }
          var unused =
              task.apply(reader == null ? null : reader.lastRead())
                  .whenComplete(
                      (value, failure) ->
                          Stages.complete(done, Optional.ofNullable(value), failure));
        });
    return done;
  }

  /** Where the inbox reader waits although it could send; -1 when it does not. On the lane. */
  long stuckAt(long lastSequence) {
    return reader == null ? -1 : reader.stuckAt(lastSequence);
  }

  /** The node cannot serve the client any more. */
  void close(String why) {
    lane.execute(() -> connection.close(ReasonCode.SERVER_BUSY, why));
  }

  /** A newer connection holds the client id: close this one; done when its last state is stored. */
  CompletableFuture<Ending> evict() {
    lane.run(sessionRelease::superseded);
    lane.afterReads(() -> sessionRelease.takenOver(claim.clientId()));
    return closeAfterReads(ReasonCode.SESSION_TAKEN_OVER, "a newer connection took over");
  }

  /** This node is cut off: closes, and leaves what is stored to the majority. On the lane. */
  void cutOff() {
    sessionRelease.abandon();
    connection.close(ReasonCode.SERVER_UNAVAILABLE, "the node is cut off from the cluster");
  }

  /** This node stops: close; done when its last state is stored. */
  CompletableFuture<Ending> shutDown() {
    return closeAfterReads(ReasonCode.SERVER_SHUTTING_DOWN, "the node stops");
  }

  /** Packets the client sent before another party ended the connection still count. */
  private CompletableFuture<Ending> closeAfterReads(ReasonCode reason, String why) {
    lane.afterReads(() -> connection.evict(reason, why));
    return sessionRelease.done();
  }

  /** Access rules changed: closes, on the lane, unless will and subscriptions are still allowed. */
  public void recheck() {
    Permissions permissions = new Permissions(connection.caller().authorizer(), identity);
    Will will = sessionRelease.will();
    CompletableFuture<Decision> ofWill =
        will == null ? Decision.ALLOW.now() : permissions.publish(will.topic());
    List<SharedFilter> filters =
        session.subscriptions().stream().map(Subscription::filter).toList();
    List<CompletableFuture<Decision>> answers =
        filters.stream().map(permissions::subscribe).toList();
    Stages.all(answers)
        .thenCombine(ofWill, (known, decision) -> decision)
        .orTimeout(connection.connectTimeoutMillis(), TimeUnit.MILLISECONDS) // no answer is no yes
        .whenCompleteAsync(
            (known, failure) -> {
              if (!Permissions.isAllowed(ofWill)) {
                sessionRelease.discardWill();
                connection.close(ReasonCode.NOT_AUTHORIZED, "the will is no longer allowed");
              } else if (!answers.stream().allMatch(Permissions::isGranted)) {
                connection.close(ReasonCode.NOT_AUTHORIZED, "a subscription is no longer allowed");
              } else {
                for (int i = 0; i < answers.size(); i++) {
                  output.granted(filters.get(i), answers.get(i), permissions);
                }
              }
            },
            lane);
  }

  /** Asks, when it is called, whether the client may leave this will; outlives the connection. */
  Supplier<CompletableFuture<Boolean>> mayPublish(Will will) {
    Permissions permissions = new Permissions(connection.caller().authorizer(), identity);
    int timeoutMillis = connection.connectTimeoutMillis();
    return () ->
        permissions
            .publish(will.topic())
            .thenApply(decision -> decision == Decision.ALLOW)
            .orTimeout(timeoutMillis, TimeUnit.MILLISECONDS)
            .exceptionally(failure -> false); // no answer is no yes
  }

  /**
   * The proof of some users no longer counts: closes, on the lane, if it is one of theirs.
   *
   * @param of the listener's authenticator that admitted them; null for the node's
   */
  void revoke(@Nullable Authenticator of, Set<String> users) {
    if (wasLetInBy(of, users)) {
      connection.close(ReasonCode.NOT_AUTHORIZED, "the password no longer counts");
    }
  }

  /** Whether the proof of one of these users admitted it. */
  boolean wasLetInBy(@Nullable Authenticator of, Set<String> users) {
    boolean byCertificate = of == null && connection.caller().origin().certificateName() != null;
    String user = identity.userName();
    return user != null
        && users.contains(user)
        && connection.caller().authenticator() == of
        && !byCertificate;
  }

  /** Publishes the lane's current state for operators. */
  public void publishView() {
    subscriptionsSeen = session.subscriptions();
  }

  ClientView view() {
    lane.execute(() -> queuedSeen = outbox.queued());
    return new ClientView(claim, isDurable(), queuedSeen, identity.address(), subscriptionsSeen);
  }
}
