package dev.limpet.broker.connection.attachment;

import dev.limpet.broker.delivery.InboxReader;
import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.mqtt.Delivery;
import dev.limpet.broker.mqtt.ReasonCode;
import dev.limpet.broker.mqtt.Subscription;
import dev.limpet.broker.mqtt.Will;
import dev.limpet.broker.routing.HandOver;
import dev.limpet.broker.spi.Claim;
import dev.limpet.broker.spi.Stages;
import dev.limpet.broker.spi.cluster.Ending;
import dev.limpet.broker.spi.cluster.Release;
import dev.limpet.broker.spi.cluster.Release.WillFate;
import dev.limpet.broker.spi.cluster.Released;
import dev.limpet.broker.spi.store.FencedException;
import dev.limpet.broker.spi.store.Progress;
import dev.limpet.broker.spi.store.SessionStore;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends an attachment, once: removes its live subscriptions, stores its progress, releases its claim
 * and publishes, keeps or drops its will. When a newer claim precedes the release, that claim's
 * {@link Succession} decides about the will, by the {@link #ending} reported here.
 *
 * <p>Confined to its lane, but for {@link #done}.
 */
public final class SessionRelease {
  private static final Logger LOG = LoggerFactory.getLogger(SessionRelease.class);

  private static final Progress NOTHING_NEW =
      new Progress(List.of(), List.of(), List.of(), List.of(), 0);

  private final ConnectionPorts ports;
  private final @Nullable Will will;
  private final CompletableFuture<Ending> done = new CompletableFuture<>();
  private long expirySeconds;
  private boolean willDiscarded;
  private boolean superseded;
  private boolean abandoned;
  private boolean begun;
  private boolean letIn;

  /**
   * @param expirySeconds life of the session after the connection
   */
  public SessionRelease(ConnectionPorts ports, @Nullable Will will, long expirySeconds) {
    this.ports = ports;
    this.will = will;
    this.expirySeconds = expirySeconds;
  }

  /** Completed, never exceptionally, when the session's last state is stored. From any thread. */
  public CompletableFuture<Ending> done() {
    return done;
  }

  /** The client's will; null for none. */
  @Nullable Will will() {
    return will;
  }

  /** Notes that the client has been admitted. */
  public void letIn(Attachment attachment) {
    letIn = true;
    ports.events().connected(attachment.claim(), attachment.identity());
  }

  /** The ending reported to a newer claim; final once {@link #done} is. */
  private Ending ending(Attachment attachment) {
    return new Ending(willDiscarded, sessionEnds(attachment));
  }

  private boolean sessionEnds(Attachment attachment) {
    return !attachment.isDurable() || expirySeconds == 0;
  }

  /** Drops the will: the client sent DISCONNECT, or the will is no longer allowed. */
  public void discardWill() {
    willDiscarded = true;
  }

  /** A newer claim holds the client id, and the will with it. */
  public void superseded() {
    superseded = true;
  }

  /** This node is cut off: others decide about the claim, the session and the will. */
  public void abandon() {
    abandoned = true;
  }

  /** Call before the eviction: clients that are evicted often are slowed down. */
  void takenOver(ClientId clientId) {
    if (!begun) {
      ports.paused().ids().takenOver(clientId);
    }
  }

  /** A v5 DISCONNECT changed it [MQTT-3.14.2-2]. */
  public void expirySeconds(long seconds) {
    expirySeconds = seconds;
  }

  public long expirySeconds() {
    return expirySeconds;
  }

  /** Whether the end has begun; on the lane. */
  boolean hasBegun() {
    return begun;
  }

  public void begin(Attachment attachment, ReasonCode reason) {
    if (begun) {
      return;
    }
    begun = true;
    for (Subscription subscription : attachment.session().subscriptions()) {
      ports.localSubscriptions().remove(attachment, subscription);
    }
    InboxReader reader = attachment.reader();
    if (abandoned) {
      attachment.discard();
      if (reader != null) {
        var unused = reader.close(); // whose progress is not written any more
      }
      ended(attachment, reason);
      return;
    }
    CompletionStage<Void> handedOn = handOn(attachment, reason);
    attachment.discard();
    CompletionStage<Void> ended =
        reader == null
            ? release(attachment)
            : store(attachment, reader).thenCompose(stored -> release(attachment));
    if (handedOn != null) {
      ended = ended.thenCompose(released -> handedOn);
    }
    var unused =
        ended.whenCompleteAsync(
            (nothing, failure) -> finish(attachment, reason, failure), attachment.lane().soonest());
  }

  private CompletionStage<Void> store(Attachment attachment, InboxReader reader) {
    return reader
        .close()
        .thenCompose(last -> close(attachment, last))
        .exceptionally(SessionRelease::ignoreFenced);
  }

  private CompletionStage<Void> close(Attachment attachment, Progress last) {
    SessionStore sessions = ports.sessions();
    Claim claim = attachment.claim();
    if (expirySeconds > 0 || !attachment.session().isInShareGroup()) {
      return sessions.close(claim, last, expirySeconds);
    }
    return sessions
        .acknowledge(claim, last)
        .thenCompose(
            stored ->
                ports.leftShares().handOn(claim, id -> ports.homes().index(id, attachment.lane())))
        .thenCompose(left -> sessions.close(claim, NOTHING_NEW, 0));
  }

  /** Gives undelivered messages to other members of its share groups; null for none. */
  private @Nullable CompletionStage<Void> handOn(Attachment attachment, ReasonCode reason) {
    List<Delivery> left = attachment.outbox().leftOfShares();
    if (left.isEmpty()) {
      return null;
    }
    HandOver handOver = ports.router().handOver();
    boolean allLeave = reason == ReasonCode.SERVER_SHUTTING_DOWN;
    return Stages.all(
        left.stream()
            .<CompletionStage<Void>>map(allLeave ? handOver::handOnElsewhere : handOver::handOn)
            .toList());
  }

  /** A fenced write means that the newer connection came first, which is as it should be. */
  private static @Nullable Void ignoreFenced(Throwable failure) {
    if (isFenced(failure)) {
      return null;
    }
    throw failure instanceof CompletionException known ? known : new CompletionException(failure);
  }

  public static boolean isFenced(Throwable failure) {
    Throwable cause = Stages.cause(failure);
    return cause instanceof FencedException;
  }

  private CompletionStage<Void> release(Attachment attachment) {
    Claim claim = attachment.claim();
    if (superseded) {
      return CompletableFuture.completedFuture(null);
    }
    long delaySeconds = will == null ? 0 : Math.min(will.delaySeconds(), expirySeconds);
    boolean keep = !willDiscarded && delaySeconds > 0;
    long dueAtMillis = keep ? ports.wallMillis().getAsLong() + delaySeconds * 1_000 : 0;
    WillFate fate = keep ? WillFate.KEEP : WillFate.HAND_OVER;
    Release release =
        new Release(willDiscarded ? WillFate.DISCARD : fate, dueAtMillis, sessionEnds(attachment));
    CompletionStage<Released> released =
        ports
            .attachments()
            .rememberUnlessHeld(
                claim, ending(attachment), ports.directory().release(claim, release));
    // The next steps may route, which the directory's threads must not do.
    Executor lane = attachment.lane().soonest();
    if (keep && will != null) { // not before: a will that is not kept yet is not there to take
      Supplier<CompletableFuture<Boolean>> allowed = attachment.mayPublish(will);
      released =
          released.whenCompleteAsync(
              (answer, failure) -> ports.wills().publishLater(claim, delaySeconds * 1_000, allowed),
              lane);
    }
    return released.thenAcceptAsync(
        answer -> {
          if (answer.due() != null) {
            ports.wills().publish(claim.clientId(), answer.due());
          }
        },
        lane);
  }

  private void finish(Attachment attachment, ReasonCode reason, @Nullable Throwable failure) {
    if (failure != null) {
      LOG.warn("The end of {} was not recorded: {}", attachment.claim(), failure, failure);
    }
    ended(attachment, reason);
    if (attachment.isDurable() && !superseded) {
      logFailure(ports.homes().index(attachment.clientId(), attachment.lane()));
    }
  }

  private void ended(Attachment attachment, ReasonCode reason) {
    ports.attachments().detach(attachment);
    done.complete(ending(attachment));
    if (letIn) {
      ports.events().disconnected(attachment.claim(), reason);
    }
  }

  private static void logFailure(CompletionStage<Void> indexed) {
    var unused =
        indexed.whenComplete(
            (nothing, failure) -> {
              if (failure != null) {
                LOG.warn("The home did not hear that a session went offline", failure);
              }
            });
  }
}
