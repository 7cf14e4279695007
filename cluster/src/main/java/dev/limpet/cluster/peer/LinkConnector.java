package dev.limpet.cluster.peer;

import dev.limpet.broker.mqtt.BinaryReader;
import dev.limpet.broker.mqtt.BinaryWriter;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetSocket;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a connection to one peer: connects, sends the hello, and reconnects when it breaks.
 * Confined to the link's event loop.
 */
final class LinkConnector {

  private static final Logger LOG = LoggerFactory.getLogger(LinkConnector.class);
  private static final long RETRY_MILLIS_MIN = 20;
  private static final long CLOCK_MILLIS = 1_000;

  /** The link this works for; called on its event loop. */
  interface User {
    /** The earliest frame that can be repeated. */
    long firstSequence();

    /** A new connection is ready; the peer handled all frames through this one. */
    void connected(NetSocket socket, long handledThrough);

    /** The peer handled all frames through this one. */
    void acknowledged(long through);

    /** The connection is lost. */
    void disconnected();
  }

  private final SeldomWarning broken = new SeldomWarning(LOG);
  private final Vertx vertx;
  private final Context loop;
  private final NetClient client;
  private final LinkEnds ends;
  private final PeerOptions options;
  private final LinkClock clock;
  private final long link;
  private final User user;
  private long retryMillis = RETRY_MILLIS_MIN;
  private @Nullable NetSocket current;
  private boolean closed;

  LinkConnector(LinkRuntime runtime, LinkEnds ends, long link, User user) {
    this.vertx = runtime.vertx();
    this.loop = runtime.loop();
    this.client = runtime.client();
    this.options = runtime.options();
    this.clock = runtime.clock();
    this.ends = ends;
    this.link = link;
    this.user = user;
  }

  void connect() {
    if (!closed) {
      client
          .connect(ends.address())
          .onSuccess(this::greet)
          .onFailure(failure -> retry(failure.toString()));
    }
  }

  void close() {
    closed = true;
    if (current != null) {
      current.close();
    }
  }

  private void greet(NetSocket socket) {
    if (closed) {
      socket.close();
      return;
    }
    current = socket;
    boolean[] welcomed = {false};
    FrameSplitter splitter =
        new FrameSplitter(
            options.frameBytesMax(),
            (kind, request, body) -> {
              switch (kind) {
                case WELCOME -> {
                  welcomed[0] = true;
                  retryMillis = RETRY_MILLIS_MIN;
                  askClock(socket); // before the frames that wait
                  user.connected(socket, body.varint());
                }
                case CLOCK_READ -> clock.heard(ends.peer(), body.int64(), body);
                case ACKNOWLEDGE -> user.acknowledged(body.varint());
                case REFUSED -> refused(socket, body);
                default -> throw new IllegalArgumentException("unexpected " + kind);
              }
            });
    socket.handler(bytes -> feed(splitter, socket, bytes));
    socket.exceptionHandler(failure -> LOG.debug("Link to {}: {}", ends.peer(), failure, failure));
    socket.closeHandler(ignored -> lost());
    Hello hello =
        new Hello(ends.clusterName(), ends.self(), ends.peer(), link, user.firstSequence());
    socket.write(encode(FrameKind.HELLO, hello.encode()));
    vertx.setTimer(
        options.connectMillisMax(),
        timer -> {
          if (!welcomed[0]) {
            socket.close();
          }
        });
  }

  /** Goes on as long as the connection. */
  private void askClock(NetSocket socket) {
    if (socket.equals(current)) {
      Buffer asked = new BinaryWriter(Buffer.buffer()).int64(clock.nanos()).buffer();
      socket.write(encode(FrameKind.CLOCK_ASKED, asked));
      vertx.setTimer(CLOCK_MILLIS, timer -> loop.runOnContext(ignored -> askClock(socket)));
    }
  }

  private void feed(FrameSplitter splitter, NetSocket socket, Buffer bytes) {
    try {
      splitter.feed(bytes);
    } catch (IllegalArgumentException e) {
      broken.warn("The link to " + ends.peer() + " is broken off", e);
      socket.close();
    }
  }

  private void refused(NetSocket socket, BinaryReader body) {
    LOG.debug("Node {} does not accept a link yet: {}", ends.peer(), body.string());
    socket.close();
  }

  private void lost() {
    current = null;
    user.disconnected();
    retry("connection closed");
  }

  private void retry(String why) {
    if (!closed) {
      LOG.debug("Link to {} in {} ms again: {}", ends.peer(), retryMillis, why);
      vertx.setTimer(retryMillis, timer -> loop.runOnContext(ignored -> connect()));
      retryMillis = Math.min(retryMillis * 2, options.retryMillisMax());
    }
  }

  static Buffer encode(FrameKind kind, Buffer body) {
    Buffer out = Buffer.buffer();
    PeerFrame.of(kind, body).writeTo(out);
    return out;
  }
}
