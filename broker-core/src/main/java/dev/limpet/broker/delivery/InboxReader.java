package dev.limpet.broker.delivery;

import dev.limpet.broker.mqtt.Delivery;
import dev.limpet.broker.mqtt.PublicationId;
import dev.limpet.broker.mqtt.Qos;
import dev.limpet.broker.mqtt.ReasonCode;
import dev.limpet.broker.session.AcknowledgementKind;
import dev.limpet.broker.session.Outbox;
import dev.limpet.broker.session.SendQueue;
import dev.limpet.broker.session.SendWindow;
import dev.limpet.broker.session.SessionOutput;
import dev.limpet.broker.spi.store.InboxEntry;
import dev.limpet.broker.spi.store.Progress;
import dev.limpet.broker.spi.store.StoredSession;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Serves as the outbox of a durable session: sends its inbox in order, as far as the client's
 * window admits, and tells the store what was acknowledged. Back-pressure is free: messages beyond
 * the window stay in the store.
 *
 * <p>Confined to its lane.
 */
public final class InboxReader implements Outbox {
  private static final long LOOK_AGAIN_MILLIS = 100;

  private final InboxAccess access;
  private final InboxFeed feed;
  private final SendWindow window;
  private final SendQueue liveQueue;
  private final SessionOutput output;
  private final ProgressWriter progress;
  private final long sentBefore;
  private boolean started;
  private boolean looksAgain;
  private boolean closed;

  /** Hears of everything sent meanwhile; null while nothing listens. */
  private @Nullable HeldBack watching;

  /**
   * @param stored the stored state of the session
   * @param liveQueue for deliveries at QoS 0, which do not go through the inbox
   */
  public InboxReader(
      InboxAccess access, StoredSession stored, SendWindow window, SendQueue liveQueue) {
    this.access = access;
    this.feed = new InboxFeed(access, this::drain);
    this.window = window;
    this.liveQueue = liveQueue;
    this.output = access.output();
    this.sentBefore = stored.sentThrough();
    this.progress =
        new ProgressWriter(access.store(), access.claim(), access.lane(), access.onFailure());
    progress.sent(sentBefore);
  }

  /** Resends PUBREL for messages awaiting PUBCOMP, then begins to read. Call after CONNACK. */
  public void start(StoredSession stored) {
    stored.released().stream()
        .sorted()
        .forEach(
            sequence ->
                output.acknowledge(
                    AcknowledgementKind.PUBREL,
                    window.resumeReleased(sequence),
                    ReasonCode.SUCCESS)); // [MQTT-4.4.0-1]
    started = true;
    feed.wake(Long.MAX_VALUE);
    drain();
  }

  /** An entry was appended on this very node: send it without reading it, if it is the next. */
  public void offer(InboxEntry entry) {
    feed.offer(entry);
    drain();
  }

  /** The inbox has grown up to this sequence. */
  public void wake(long sequence) {
    feed.wake(sequence);
    drain();
  }

  /**
   * Finds out whether it could send and does not: a hint got lost.
   *
   * @param lastSequence the highest one in the inbox
   * @return the sequence it has come to; -1 when it goes on by itself
   */
  public long stuckAt(long lastSequence) {
    boolean couldSend = started && output.isWritable() && window.room() > 0;
    return couldSend && feed.isStuck(lastSequence) ? feed.through() : -1;
  }

  /** The last delivery read from the inbox; null for none. */
  public @Nullable PublicationId lastRead() {
    return feed.last();
  }

  /** Makes this hear of everything sent from now on; null for no listener. */
  public void watch(@Nullable HeldBack heldBack) {
    watching = heldBack;
  }

  /** PUBREL of an inbound publication: {@code then} runs once the store forgot its packet id. */
  public void receivedDone(int packetId, Runnable then) {
    progress.receivedDone(packetId, then);
  }

  /** Ends reading; the progress not stored yet comes when the last write is through. */
  public CompletionStage<Progress> close() {
    closed = true;
    feed.close();
    return progress.close();
  }

  @Override
  public boolean deliver(Delivery delivery) {
    return sendAtOnce(delivery) || liveQueue.offer(delivery);
  }

  @Override
  public boolean replay(Delivery delivery) {
    return sendAtOnce(delivery) || liveQueue.offerReplayed(delivery);
  }

  private boolean sendAtOnce(Delivery delivery) {
    boolean now = started && liveQueue.isEmpty() && output.isWritable();
    if (now) {
      output.publish(delivery, 0, false);
    }
    return now;
  }

  @Override
  public void puback(int packetId, ReasonCode reason) {
    finish(window.acknowledge(packetId, Qos.AT_LEAST_ONCE));
  }

  @Override
  public void pubrec(int packetId, ReasonCode reason) {
    if (reason.isError()) {
      finish(window.acknowledge(packetId, Qos.EXACTLY_ONCE)); // no PUBREL follows [MQTT-4.3.3-4]
      return;
    }
    long sequence = window.release(packetId);
    if (sequence != 0) {
      progress.released(sequence, () -> pubrel(packetId, ReasonCode.SUCCESS));
    } else {
      boolean again = window.isReleased(packetId);
      pubrel(packetId, again ? ReasonCode.SUCCESS : ReasonCode.PACKET_IDENTIFIER_NOT_FOUND);
    }
  }

  @Override
  public void pubcomp(int packetId) {
    long sequence = window.complete(packetId);
    if (sequence != 0) {
      progress.completed(sequence);
      drain();
    }
  }

  @Override
  public void drain() {
    if (!started) {
      return; // routes of a resumed session may be quicker than its CONNACK [MQTT-3.2.0-1]
    }
    for (Delivery live = liveQueue.peek();
        live != null && output.isWritable();
        live = liveQueue.peek()) {
      liveQueue.remove();
      output.publish(live, 0, false);
    }
    if (feed.peek() != null && !access.isConfirmed().getAsBoolean()) {
      lookAgain(); // what others have of this inbox may have moved on
      return;
    }
    for (InboxEntry next = feed.peek();
        next != null && output.isWritable() && window.admits(next.sequence());
        next = feed.peek()) {
      feed.remove();
      send(next);
    }
    feed.fill(output.isWritable() ? window.room() : 0);
  }

  private void lookAgain() {
    if (!looksAgain) {
      looksAgain = true;
      access
          .lane()
          .schedule(
              () -> {
                looksAgain = false;
                if (!closed) {
                  drain();
                }
              },
              LOOK_AGAIN_MILLIS);
    }
  }

  /** Of its inbox the store knows, which outlives the connection. */
  @Override
  public List<Delivery> leftOfShares() {
    return liveQueue.ofShares();
  }

  @Override
  public void discard() {
    liveQueue.close();
  }

  @Override
  public int queued() {
    return liveQueue.size() + window.size();
  }

  private void send(InboxEntry entry) {
    long sequence = entry.sequence();
    boolean dup = sequence <= sentBefore; // [MQTT-3.3.1-1]
    int packetId = window.sent(sequence, entry.delivery());
    if (output.publish(entry.delivery(), packetId, dup)) {
      progress.sent(sequence);
      if (watching != null) {
        watching.sent(entry.delivery().publication());
      }
    } else {
      finish(window.acknowledge(packetId, entry.delivery().qos()));
    }
  }

  private void finish(long sequence) {
    if (sequence != 0) {
      progress.acknowledged(sequence);
      drain();
    }
  }

  private void pubrel(int packetId, ReasonCode reason) {
    output.acknowledge(AcknowledgementKind.PUBREL, packetId, reason);
  }
}
