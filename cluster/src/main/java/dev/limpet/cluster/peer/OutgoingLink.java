package dev.limpet.cluster.peer;

import dev.limpet.broker.mqtt.BinaryWriter;
import dev.limpet.broker.mqtt.NodeId;
import dev.limpet.broker.spi.cluster.PeerGoneException;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Sends frames to one peer: gathers them and writes once per turn of the event loop.
 *
 * <p>{@link #deliver}, {@link #tell}, {@link #ask}, {@link #answered} and {@link #close} are
 * thread-safe; all else is confined to the link's event loop. The bytes on their way are bounded,
 * see {@link PeerOptions}.
 */
final class OutgoingLink implements LinkConnector.User {

  /** So much is written at once, then the event loop gets its turn. */
  private static final int FLUSH_BYTES = 256 << 10;

  /** So much may wait in the socket: enough to keep it busy between two turns. */
  private static final int SOCKET_BYTES_MAX = 1 << 20;

  private final NodeId peer;
  private final LinkRuntime runtime;
  private final LinkConnector connector;
  private final Runnable onLinked;
  private final LinkMetrics metrics;

  private final Queue<PeerFrame> queue = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean flushScheduled = new AtomicBoolean();
  private final AtomicLong pendingBytes = new AtomicLong();
  private final PendingRequests requests;
  private volatile boolean closed;

  private final SentFrames sent = new SentFrames();
  private @Nullable NetSocket socket;
  private volatile boolean linked;

  /**
   * @param onLinked called once, on the event loop, before the first frame is sent
   */
  OutgoingLink(LinkRuntime runtime, LinkEnds ends, Runnable onLinked, MeterRegistry registry) {
    this.peer = ends.peer();
    this.runtime = runtime;
    this.onLinked = onLinked;
    this.requests =
        new PendingRequests(peer, runtime.options().requestMillisMax(), this::releaseBytes);
    this.connector = new LinkConnector(runtime, ends, ThreadLocalRandom.current().nextLong(), this);
    this.metrics = new LinkMetrics(registry, peer, pendingBytes::get, requests::size);
  }

  /** Begins to connect. Once. */
  void start() {
    runtime.loop().runOnContext(ignored -> connector.connect());
  }

  static boolean isRequest(PeerFrame frame) {
    return frame.request() != 0
        && frame.kind() != FrameKind.ANSWER
        && frame.kind() != FrameKind.FAILURE
        && frame.kind() != FrameKind.ANSWERED;
  }

  /**
   * Sends something that may be lost: dropped and counted when the link is too full.
   *
   * @param important gets the whole of the link instead of half
   */
  void deliver(PeerFrame frame, boolean important) {
    long bound = runtime.options().linkBytesMax() / (important ? 1 : 2);
    if (pendingBytes.get() >= bound || isTooLarge(frame)) {
      metrics.countDropped();
    } else {
      offer(frame);
    }
  }

  /** Sends a frame that is not bounded here, but by its cause. */
  void tell(PeerFrame frame) {
    offer(frame);
  }

  /** Sends a request. */
  CompletableFuture<Buffer> ask(FrameKind kind, Buffer head, Buffer tail) {
    if (closed) {
      return CompletableFuture.failedFuture(new PeerGoneException(peer));
    }
    PeerFrame frame = new PeerFrame(kind, requests.nextNumber(), head, tail);
    if (pendingBytes.get() >= runtime.options().linkBytesMax() || isTooLarge(frame)) {
      metrics.countRefused();
      return CompletableFuture.failedFuture(
          Failures.unavailable("the link to node " + peer + " is full"));
    }
    CompletableFuture<Buffer> answer = requests.add(frame);
    offer(frame);
    return answer;
  }

  /** Sends the answer to a request of the peer; answers without content go together. */
  void answered(long request, @Nullable Buffer answer, @Nullable Throwable failure) {
    if (failure != null) {
      Buffer body = Failures.encode(failure);
      offer(new PeerFrame(FrameKind.FAILURE, request, body, PeerFrame.EMPTY));
    } else if (answer == null || answer.length() == 0) {
      offer(new PeerFrame(FrameKind.ANSWERED, request, PeerFrame.EMPTY, PeerFrame.EMPTY));
    } else {
      Buffer body = new BinaryWriter(Buffer.buffer(answer.length() + 5)).bytes(answer).buffer();
      offer(new PeerFrame(FrameKind.ANSWER, request, body, PeerFrame.EMPTY));
    }
  }

  PendingRequests requests() {
    return requests;
  }

  boolean isLinked() {
    return linked;
  }

  long pendingBytes() {
    return pendingBytes.get();
  }

  /**
   * The peer is gone: fails all pending requests.
   *
   * @return done when this link makes no connection any more
   */
  Future<Void> close() {
    closed = true;
    metrics.close();
    Promise<Void> done = Promise.promise();
    runtime
        .loop()
        .runOnContext(
            ignored -> {
              requests.close();
              connector.close();
              queue.clear();
              done.complete();
            });
    return done.future();
  }

  private boolean isTooLarge(PeerFrame frame) {
    return frame.bytes() > runtime.options().frameBytesMax();
  }

  private void offer(PeerFrame frame) {
    if (closed) {
      return;
    }
    pendingBytes.addAndGet(frame.bytes());
    queue.add(frame);
    schedule();
  }

  private void schedule() {
    if (!flushScheduled.get() && flushScheduled.compareAndSet(false, true)) {
      runtime.loop().runOnContext(ignored -> flush());
    }
  }

  private void releaseBytes(long bytes) {
    pendingBytes.addAndGet(-bytes);
  }

  @Override
  public long firstSequence() {
    return sent.firstSequence();
  }

  @Override
  public void connected(NetSocket newSocket, long handledThrough) {
    metrics.countConnection();
    acknowledged(handledThrough);
    if (!linked) {
      linked = true;
      onLinked.run();
    }
    socket = newSocket;
    newSocket.setWriteQueueMaxSize(SOCKET_BYTES_MAX);
    newSocket.drainHandler(ignored -> flush());
    if (!sent.isEmpty()) {
      Buffer again = Buffer.buffer();
      sent.repeat(again);
      newSocket.write(again);
    }
    flush();
  }

  @Override
  public void acknowledged(long through) {
    releaseBytes(sent.acknowledge(through));
  }

  @Override
  public void disconnected() {
    socket = null;
  }

  private void flush() {
    flushScheduled.set(false);
    NetSocket target = socket;
    if (target == null || target.writeQueueFull()) {
      return; // Goes on with the next connection, or when the socket drains.
    }
    Buffer out = Buffer.buffer();
    List<Long> answered = new ArrayList<>();
    PeerFrame frame = null;
    while (out.length() < FLUSH_BYTES && (frame = queue.poll()) != null) {
      if (frame.kind() == FrameKind.ANSWERED) {
        answered.add(frame.request());
        releaseBytes(frame.bytes());
      } else {
        frame.writeTo(out);
        sent.add(frame);
      }
    }
    if (!answered.isEmpty()) {
      PeerFrame answers = PeerFrame.of(FrameKind.ANSWERED, PendingRequests.encode(answered));
      pendingBytes.addAndGet(answers.bytes());
      answers.writeTo(out);
      sent.add(answers);
    }
    if (out.length() > 0) {
      target.write(out);
    }
    if (frame != null) {
      schedule();
    }
  }
}
