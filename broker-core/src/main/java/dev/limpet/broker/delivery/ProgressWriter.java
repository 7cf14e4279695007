package dev.limpet.broker.delivery;

import dev.limpet.broker.io.Lane;
import dev.limpet.broker.spi.Claim;
import dev.limpet.broker.spi.store.Progress;
import dev.limpet.broker.spi.store.SessionStore;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Tells the store how far a client has come: one write is in flight, the next takes everything
 * gathered meanwhile. So acknowledgements at QoS 1 are lazy, and callers that must wait for them
 * can.
 *
 * <p>Confined to its lane. The client's windows bound the gathered progress.
 */
final class ProgressWriter {
  private final SessionStore store;
  private final Claim claim;
  private final Lane lane;
  private final Runnable onFailure;

  private List<Long> acknowledged = new ArrayList<>();
  private List<Long> released = new ArrayList<>();
  private List<Long> completed = new ArrayList<>();
  private List<Integer> receivedDone = new ArrayList<>();
  private List<Runnable> whenStored = new ArrayList<>();
  private long sentThrough;
  private boolean dirty;
  private boolean closed;
  private CompletableFuture<Void> writing = CompletableFuture.completedFuture(null);

  /**
   * @param onFailure the store refused: a newer claim, or no cluster; the connection ends
   */
  ProgressWriter(SessionStore store, Claim claim, Lane lane, Runnable onFailure) {
    this.store = store;
    this.claim = claim;
    this.lane = lane;
    this.onFailure = onFailure;
  }

  void sent(long sequence) {
    sentThrough = Math.max(sentThrough, sequence);
  }

  void acknowledged(long sequence) {
    acknowledged.add(sequence);
    write();
  }

  /** PUBREC came; {@code then} runs once that is stored. */
  void released(long sequence, Runnable then) {
    released.add(sequence);
    whenStored.add(then);
    write();
  }

  void completed(long sequence) {
    completed.add(sequence);
    write();
  }

  /** PUBREL came; {@code then} runs once that is stored. */
  void receivedDone(int packetId, Runnable then) {
    receivedDone.add(packetId);
    whenStored.add(then);
    write();
  }

  /** Stops writing; progress not stored yet goes with one last write, after the one in flight. */
  CompletionStage<Progress> close() {
    closed = true;
    return writing.handleAsync((done, failure) -> take(), lane);
  }

  private void write() {
    dirty = true;
    if (closed || !writing.isDone()) {
      return;
    }
    List<Runnable> then = whenStored;
    whenStored = new ArrayList<>();
    CompletableFuture<Void> write = store.acknowledge(claim, take()).toCompletableFuture();
    writing = write.handleAsync((nothing, failure) -> stored(then, failure), lane);
    var unused = writing.thenRunAsync(this::writeNext, lane);
  }

  private Void stored(List<Runnable> then, Throwable failure) {
    if (failure != null) {
      onFailure.run();
    } else if (!closed) {
      then.forEach(Runnable::run);
    }
    return null;
  }

  private void writeNext() {
    if (dirty && !closed) {
      write();
    }
  }

  private Progress take() {
    dirty = false;
    Progress taken = new Progress(acknowledged, released, completed, receivedDone, sentThrough);
    acknowledged = new ArrayList<>();
    released = new ArrayList<>();
    completed = new ArrayList<>();
    receivedDone = new ArrayList<>();
    return taken;
  }
}
