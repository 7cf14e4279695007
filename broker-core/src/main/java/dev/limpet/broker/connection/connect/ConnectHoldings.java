package dev.limpet.broker.connection.connect;

import dev.limpet.broker.connection.attachment.Attachment;
import dev.limpet.broker.connection.attachment.Attachments;
import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.mqtt.ConnectRequest;
import dev.limpet.broker.mqtt.ReasonCode;
import dev.limpet.broker.spi.cluster.Claimed;
import dev.limpet.broker.spi.cluster.Ending;
import dev.limpet.broker.spi.cluster.Release;
import dev.limpet.broker.spi.cluster.Release.WillFate;
import dev.limpet.broker.spi.cluster.SessionDirectory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds what a connect has acquired so far, and gives it back when the client is refused: its place
 * among the connects in progress, its claim, its attachment. Confined to its lane.
 */
final class ConnectHoldings {
  private static final Logger LOG = LoggerFactory.getLogger(ConnectHoldings.class);

  private final Attachments attachments;
  private final SessionDirectory directory;
  private final ConnectRequest request;
  private Attachments.@Nullable Pending pending;
  private @Nullable Claimed claimed;
  private @Nullable Attachment attachment;
  private boolean mayBeStored;

  ConnectHoldings(Attachments attachments, SessionDirectory directory, ConnectRequest request) {
    this.attachments = attachments;
    this.directory = directory;
    this.request = request;
  }

  /** Is found by evictions from now on. */
  void announce(ClientId clientId) {
    pending = attachments.announce(clientId);
  }

  void claimed(Claimed answer) {
    claimed = answer;
    if (pending != null) {
      attachments.claimed(pending, answer.claim());
    }
  }

  /** Hears whether the directory has failed to make the claim. On any thread. */
  void unclaimedIf(boolean failed) {
    if (failed) {
      forget(pending);
    }
  }

  private void forget(Attachments.@Nullable Pending connect) {
    if (connect != null) {
      attachments.abandon(connect);
    }
  }

  /** Notes that the store may have opened the session, whatever its answer. */
  void mayBeStored() {
    mayBeStored = true;
  }

  void made(Attachment made) {
    attachment = made;
  }

  /** Lets the attachment take the place of the connect; false when it was evicted meanwhile. */
  boolean attach(Attachment made) {
    Attachments.Pending announced = pending;
    pending = null;
    return announced != null && attachments.attach(announced, made);
  }

  /**
   * Undoes a refused connect completely; its will is never published. Evictions find it until its
   * claim is released, or the directory says that there is none.
   */
  void leave() {
    if (attachment != null) {
      Attachments.Pending connect = pending;
      attachment.sessionRelease().discardWill();
      attachment.sessionRelease().begin(attachment, ReasonCode.UNSPECIFIED_ERROR);
      var unused =
          attachment.sessionRelease().done().whenComplete((ended, failure) -> forget(connect));
    } else if (claimed != null) {
      release(claimed);
    }
  }

  /** Whether the store opened the session is not known: the claim remembers that it may have. */
  void release(Claimed held) {
    boolean sessionEnds = !held.known() && (!mayBeStored || request.session().expirySeconds() == 0);
    Release release = new Release(WillFate.DISCARD, 0, sessionEnds);
    Attachments.Pending connect = pending;
    var unused =
        attachments
            .rememberUnlessHeld(
                held.claim(),
                new Ending(true, sessionEnds),
                directory.release(held.claim(), release))
            .whenComplete(
                (nothing, failure) -> {
                  forget(connect);
                  if (failure != null) {
                    LOG.warn("{} was not released: {}", held.claim(), failure.toString());
                  }
                });
  }
}
