package dev.limpet.cluster.peer;

import dev.limpet.broker.mqtt.BinaryReader;
import dev.limpet.broker.mqtt.BinaryWriter;
import dev.limpet.broker.mqtt.NodeId;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves the links from peers: takes frames in order, each once, and acknowledges those handled.
 * Confined to the server's event loop.
 */
final class IncomingLinks {

  private static final Logger LOG = LoggerFactory.getLogger(IncomingLinks.class);

  /** Handles the frames and decides which peers to admit. Called on the server's event loop. */
  interface User {
    /** Returns why this peer is not admitted (now); null to admit it. */
    @Nullable String objection(Hello hello);

    void frame(NodeId from, FrameKind kind, long request, BinaryReader body);

    /** What the clocks of this node show. */
    Buffer clock();
  }

  /** How far a peer's frames have been handled; outlives its connections. */
  private static final class Progress {
    private final long link;
    private long handled;
    private @Nullable NetSocket socket;

    Progress(long link, long handled) {
      this.link = link;
      this.handled = handled;
    }
  }

  private final Vertx vertx;
  private final PeerOptions options;
  private final User user;
  private final SeldomWarning broken = new SeldomWarning(LOG);
  private final Map<NodeId, Progress> peers = new HashMap<>();

  IncomingLinks(Vertx vertx, PeerOptions options, User user) {
    this.vertx = vertx;
    this.options = options;
    this.user = user;
  }

  void accept(NetSocket socket) {
    Connection connection = new Connection(socket);
    socket.handler(connection::feed);
    socket.exceptionHandler(failure -> LOG.debug("A peer's link: {}", failure.toString()));
    vertx.setTimer(options.connectMillisMax(), timer -> connection.closeUnlessGreeted());
  }

  /** The peer is gone. */
  void forget(NodeId peer) {
    Progress progress = peers.remove(peer);
    if (progress != null && progress.socket != null) {
      progress.socket.close();
    }
  }

  /** One connection of a peer, until a newer one replaces it. */
  private final class Connection {
    private final NetSocket socket;
    private final FrameSplitter splitter = new FrameSplitter(options.frameBytesMax(), this::frame);
    private @Nullable NodeId from;
    private @Nullable Progress progress;

    Connection(NetSocket socket) {
      this.socket = socket;
    }

    void closeUnlessGreeted() {
      if (progress == null) {
        socket.close();
      }
    }

    void feed(Buffer bytes) {
      long before = progress == null ? 0 : progress.handled;
      try {
        splitter.feed(bytes);
      } catch (IllegalArgumentException e) {
        broken.warn("A link from " + socket.remoteAddress() + " is broken off", e);
        replaced();
        socket.close();
        return;
      }
      if (isCurrent() && progress.handled != before) {
        reply(FrameKind.ACKNOWLEDGE, new BinaryWriter(Buffer.buffer()).varint(progress.handled));
      }
    }

    private void frame(FrameKind kind, long request, BinaryReader body) {
      if (progress == null) {
        if (kind != FrameKind.HELLO) {
          throw new IllegalArgumentException("a first frame of kind " + kind);
        }
        greet(Hello.decode(body));
      } else if (isCurrent() && from != null) {
        if (kind == FrameKind.CLOCK_ASKED) {
          answerClock(body.int64());
          return;
        }
        if (kind.isControl()) {
          throw new IllegalArgumentException("unexpected " + kind);
        }
        progress.handled++;
        user.frame(from, kind, request, body);
      }
    }

    private void answerClock(long askedNanos) {
      BinaryWriter answer = new BinaryWriter(Buffer.buffer()).int64(askedNanos);
      answer.buffer().appendBuffer(user.clock());
      reply(FrameKind.CLOCK_READ, answer);
    }

    private void greet(Hello hello) {
      String objection = user.objection(hello);
      if (objection != null) {
        reply(FrameKind.REFUSED, new BinaryWriter(Buffer.buffer()).string(objection));
        socket.close();
        return;
      }
      from = hello.from();
      Progress known = peers.get(hello.from());
      if (known == null || known.link != hello.link()) {
        Progress fresh = new Progress(hello.link(), hello.firstSequence() - 1);
        closeOld(known);
        peers.put(hello.from(), fresh);
        known = fresh;
      } else {
        closeOld(known);
      }
      known.socket = socket;
      progress = known;
      reply(FrameKind.WELCOME, new BinaryWriter(Buffer.buffer()).varint(known.handled));
    }

    private void closeOld(@Nullable Progress known) {
      NetSocket old = known == null ? null : known.socket;
      if (old != null) {
        known.socket = null;
        old.close();
      }
    }

    private void replaced() {
      if (isCurrent()) {
        progress.socket = null;
      }
    }

    private boolean isCurrent() {
      return progress != null && socket.equals(progress.socket);
    }

    private void reply(FrameKind kind, BinaryWriter body) {
      socket.write(LinkConnector.encode(kind, body.buffer()));
    }
  }
}
