package dev.limpet.cluster.peer;

import dev.limpet.broker.mqtt.BinaryReader;
import dev.limpet.broker.mqtt.BinaryWriter;
import dev.limpet.broker.mqtt.NodeId;
import dev.limpet.broker.spi.cluster.PeerGoneException;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Tracks the requests to one peer that await answers. Thread-safe. Bounded by the link's bound on
 * bytes, against which each counts until it ends.
 */
final class PendingRequests {

  private final NodeId peer;
  private final long millisMax;
  private final LongConsumer release;
  private final AtomicLong lastNumber = new AtomicLong();
  private final Map<Long, Request> requests = new ConcurrentHashMap<>();
  private volatile boolean closed;

  private record Request(CompletableFuture<Buffer> answer, int bytes, long deadlineNanos) {}

  /**
   * @param release called with the bytes of each request that ends
   */
  PendingRequests(NodeId peer, long millisMax, LongConsumer release) {
    this.peer = peer;
    this.millisMax = millisMax;
    this.release = release;
  }

  long nextNumber() {
    return lastNumber.incrementAndGet();
  }

  int size() {
    return requests.size();
  }

  CompletableFuture<Buffer> add(PeerFrame frame) {
    CompletableFuture<Buffer> answer = new CompletableFuture<>();
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millisMax);
    requests.put(frame.request(), new Request(answer, frame.bytes(), deadline));
    if (closed) {
      fail(frame.request(), new PeerGoneException(peer));
    }
    return answer;
  }

  void complete(long number, Buffer answer) {
    Request request = remove(number);
    if (request != null) {
      request.answer.complete(answer);
    }
  }

  void fail(long number, Throwable failure) {
    Request request = remove(number);
    if (request != null) {
      request.answer.completeExceptionally(failure);
    }
  }

  /** Completes a list of requests, as {@link #encode} wrote it. */
  void completeAll(BinaryReader in) {
    int count = in.count(1);
    long number = 0;
    for (int i = 0; i < count; i++) {
      number += zigzagDecoded(in.varint());
      complete(number, PeerFrame.EMPTY);
    }
  }

  /** Writes numbers that mostly follow each other in a byte each. */
  static Buffer encode(List<Long> numbers) {
    BinaryWriter out = new BinaryWriter(Buffer.buffer(numbers.size() + 9));
    out.varint(numbers.size());
    long previous = 0;
    for (long number : numbers) {
      out.varint(zigzag(number - previous));
      previous = number;
    }
    return out.buffer();
  }

  /** Fails requests that have waited too long. */
  void expire() {
    long now = System.nanoTime();
    requests.forEach(
        (number, request) -> {
          if (now - request.deadlineNanos > 0) {
            fail(
                number,
                Failures.unavailable(
                    "node " + peer + " did not answer within " + millisMax + " ms"));
          }
        });
  }

  /** The peer is gone: fails all requests, including later ones. */
  void close() {
    closed = true;
    requests.keySet().forEach(number -> fail(number, new PeerGoneException(peer)));
  }

  private @Nullable Request remove(long number) {
    Request request = requests.remove(number);
    if (request != null) {
      release.accept(request.bytes);
    }
    return request;
  }

  private static long zigzag(long value) {
    return (value << 1 ^ value >> 63) & Long.MAX_VALUE;
  }

  private static long zigzagDecoded(long value) {
    return value >>> 1 ^ -(value & 1);
  }
}
