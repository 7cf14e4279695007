package dev.limpet.cluster.routes;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.IMap;
import dev.limpet.broker.mqtt.BinaryWriter;
import dev.limpet.broker.mqtt.NodeId;
import dev.limpet.broker.spi.Stages;
import dev.limpet.broker.spi.cluster.PeerGoneException;
import dev.limpet.broker.spi.cluster.Route;
import dev.limpet.cluster.member.AsyncRetry;
import dev.limpet.cluster.peer.FrameKind;
import dev.limpet.cluster.peer.PeerTransport;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the cluster about this node's own routes: first the truth in the map, then every peer.
 * Changes that arrive during a write go together with the next.
 *
 * <p>Thread-safe: this object's lock guards its state and keeps the frames to the peers in the
 * order of their numbers.
 */
final class RoutePublisher {

  private static final Logger LOG = LoggerFactory.getLogger(RoutePublisher.class);

  private final IMap<String, RouteSet> truth;
  private final NodeId self;
  private final PeerTransport transport;
  private final AsyncRetry retry;

  private final Set<RouteKey> routes = new HashSet<>();
  private final Set<NodeId> linked = new HashSet<>();
  private final Deque<RouteBatch> waiting = new ArrayDeque<>();
  private long sequence;

  /** Of the fingerprints of {@link #routes}. */
  private long sum;

  /** The same when change {@link #sequence} was written. */
  private long writtenSum;

  private boolean writing;

  /** The map may hold something else than {@link #routes}: the next write replaces it all. */
  private boolean uncertain;

  RoutePublisher(
      HazelcastInstance hazelcast, NodeId self, PeerTransport transport, AsyncRetry retry) {
    this.truth = hazelcast.getMap(RouteMap.NAME);
    this.self = self;
    this.transport = transport;
    this.retry = retry;
  }

  /**
   * Adds or removes a route.
   *
   * @return done when it is in the map and every linked peer has applied it
   */
  CompletableFuture<Void> change(RouteKey key, boolean wanted) {
    synchronized (this) {
      RouteBatch last = waiting.peekLast();
      if (last == null || last.isFull()) {
        last = new RouteBatch();
        waiting.add(last);
      }
      last.put(key, wanted);
      CompletableFuture<Void> done = last.done;
      writeNext();
      return done.copy();
    }
  }

  /** A peer admitted this node: tells it of changes from now on, and waits for its answers. */
  synchronized void linked(NodeId peer) {
    linked.add(peer);
    transport.tell(peer, FrameKind.DIGEST, digest());
  }

  synchronized void left(NodeId peer) {
    linked.remove(peer);
  }

  synchronized int size() {
    return routes.size();
  }

  /** The routes that are written, at some moment. */
  synchronized List<Route> own() {
    return routes.stream()
        .map(key -> new Route(self, key.filter(), key.kind(), key.weight()))
        .toList();
  }

  /** The last word on a route, written or not. */
  synchronized boolean isWanted(RouteKey key) {
    for (Iterator<RouteBatch> last = waiting.descendingIterator(); last.hasNext(); ) {
      Boolean wanted = last.next().lastWord(key);
      if (wanted != null) {
        return wanted;
      }
    }
    return routes.contains(key);
  }

  /** Tells all peers how far the truth is, so that one that missed something finds out. */
  synchronized void tellDigest() {
    Buffer digest = digest();
    linked.forEach(peer -> transport.tell(peer, FrameKind.DIGEST, digest));
  }

  /**
   * Rewrites the whole set when the map does not match it.
   *
   * @return whether that was necessary
   */
  CompletionStage<Boolean> checkTruth() {
    long[] expected;
    synchronized (this) {
      if (writing || sequence == 0) {
        return CompletableFuture.completedStage(false);
      }
      expected = new long[] {sequence, writtenSum};
    }
    return truth
        .submitToKey(RouteMap.key(self), new ReadMark())
        .thenApply(found -> !Arrays.equals(found, expected) && rewriteUnlessChanged(expected[0]));
  }

  /** The map may have lost or mixed up this node's routes: write them all. */
  synchronized void rewrite() {
    uncertain = true;
    if (!writing && sequence > 0) {
      waiting.addFirst(new RouteBatch());
      writeNext();
    }
  }

  private synchronized boolean rewriteUnlessChanged(long expected) {
    boolean same = sequence == expected && !writing;
    if (same) {
      LOG.warn("The cluster lost the routes of this node; it writes them again");
      rewrite();
    }
    return same;
  }

  /** Without a sum while the map may hold something else. */
  private Buffer digest() {
    return new BinaryWriter(Buffer.buffer())
        .varint(sequence)
        .flag(!uncertain)
        .int64(writtenSum)
        .buffer();
  }

  private void add(RouteKey key) {
    if (routes.add(key)) {
      sum += key.fingerprint();
    }
  }

  private void remove(RouteKey key) {
    if (routes.remove(key)) {
      sum -= key.fingerprint();
    }
  }

  private synchronized void writeNext() {
    RouteBatch batch = writing ? null : waiting.poll();
    if (batch == null) {
      return;
    }
    writing = true;
    RouteDelta delta = batch.delta(sequence);
    delta.removed().forEach(this::remove);
    delta.added().forEach(this::add);
    RouteDelta written =
        uncertain
            ? new RouteDelta(RouteDelta.REWRITTEN, delta.sequence(), List.copyOf(routes), List.of())
            : delta;
    retry
        .call(
            "writing routes",
            () -> truth.submitToKey(RouteMap.key(self), new ApplyRoutes(self, written)))
        .whenCompleteAsync((reached, failure) -> written(batch, written, reached, failure));
  }

  private void written(
      RouteBatch batch, RouteDelta delta, @Nullable Long reached, @Nullable Throwable failure) {
    List<CompletableFuture<Buffer>> answers = new ArrayList<>();
    boolean held = failure == null && reached != null && reached == delta.sequence();
    synchronized (this) {
      writing = false;
      sequence = Math.max(delta.sequence(), reached == null ? 0 : reached);
      writtenSum = sum;
      uncertain = !held;
      if (held) {
        answers.addAll(tellPeers(delta));
      } else if (failure == null) {
        waiting.addFirst(batch); // The map had lost the set; now all of it is written.
      }
      writeNext();
    }
    if (failure != null) {
      batch.done.completeExceptionally(failure);
    } else if (held) {
      completeAfter(answers, batch.done);
    }
  }

  private List<CompletableFuture<Buffer>> tellPeers(RouteDelta delta) {
    boolean all = delta.base() == RouteDelta.REWRITTEN;
    RouteDelta told =
        all ? new RouteDelta(delta.base(), delta.sequence(), List.of(), List.of()) : delta;
    Buffer frame = told.encode();
    return linked.stream().map(peer -> transport.ask(peer, FrameKind.ROUTES, frame)).toList();
  }

  /** A peer that left need not be waited for. */
  private static void completeAfter(
      List<CompletableFuture<Buffer>> answers, CompletableFuture<Void> done) {
    CompletableFuture<?>[] settled =
        answers.stream()
            .map(answer -> answer.exceptionallyCompose(RoutePublisher::unlessGone))
            .toArray(CompletableFuture[]::new);
    CompletableFuture.allOf(settled)
        .whenComplete(
            (ignored, failure) -> {
              Stages.complete(done, null, failure == null ? null : Stages.cause(failure));
            });
  }

  private static CompletableFuture<Buffer> unlessGone(Throwable failure) {
    Throwable cause = Stages.cause(failure);
    return cause instanceof PeerGoneException
        ? CompletableFuture.completedFuture(Buffer.buffer())
        : CompletableFuture.failedFuture(cause);
  }
}
