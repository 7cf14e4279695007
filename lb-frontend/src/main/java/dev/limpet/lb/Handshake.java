package dev.limpet.lb;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.vertx.core.net.NetSocket;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Leads one connection from accept until it is served here, relayed or closed. Confined to the
 * socket's event loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // the sniffer and relay see the channel end
final class Handshake {

  private static final Logger LOG = LoggerFactory.getLogger(Handshake.class);

  /** How many homes are tried: the one first named, and where the membership moved it meanwhile. */
  private static final int HOMES_MAX = 2;

  private final FrontendParts parts;
  private final FrontendSocket clientSocket;
  private final Channel socket;
  private final FrontendLoop loop;
  private final ConnectSniffer sniffer;
  private long identifiedNanos;
  private int homesTried;
  private @Nullable String unreachableNode;

  private Handshake(FrontendParts parts, FrontendSocket clientSocket, FrontendLoop loop) {
    this.parts = parts;
    this.clientSocket = clientSocket;
    this.socket = clientSocket.socket();
    this.loop = loop;
    this.sniffer = new ConnectSniffer(parts, loop.undecided(), this);
  }

  /** Begins to read CONNECT; called on the socket's event loop before any byte of it was read. */
  static void start(FrontendParts parts, FrontendSocket clientSocket, FrontendLoop loop) {
    Channel socket = clientSocket.socket();
    RejectReason refused = parts.admission().enter();
    if (refused == RejectReason.HANDSHAKES_MAX && loop.undecided().rejectOldest()) {
      refused = parts.admission().enter();
    }
    if (refused != null) {
      parts.rejected(clientSocket, refused);
      socket.close();
      return;
    }
    socket.closeFuture().addListener(closed -> parts.admission().endConnection());
    // Serves clients that send CONNECT, a message and FIN at once.
    socket.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
    socket.pipeline().addLast("limpet-sniffer", new Handshake(parts, clientSocket, loop).sniffer);
  }

  /** The client id is known: asks for the home and goes there. */
  void identified(String clientId) {
    identifiedNanos = System.nanoTime();
    clientSocket.onIdentified().run();
    place(clientId);
  }

  private void place(String clientId) {
    Home home = ask(clientId);
    if (home instanceof Home.Local) {
      serveLocally();
    } else if (home instanceof Home.Remote remote) {
      relay(clientId, remote);
    } else if (home instanceof Home.Unavailable unavailable) {
      askAgain(unavailable, () -> placeUnlessDone(clientId));
    }
  }

  /** Serves clients whose home does not matter here, once the local broker is ready. */
  void leftToBroker() {
    identifiedNanos = System.nanoTime();
    clientSocket.onIdentified().run();
    placeHere();
  }

  private void placeHere() {
    if (sniffer.isDone()) {
      return;
    }
    if (parts.local().isOpen()) {
      serveLocally();
    } else {
      askAgain(new Home.Unavailable("the local broker is not ready"), this::placeHere);
    }
  }

  private Home ask(String clientId) {
    try {
      return parts.placement().place(clientId);
    } catch (RuntimeException e) {
      LOG.warn("cannot find the home of client id '{}'", clientId, e);
      return new Home.Unavailable("placement failed");
    }
  }

  private void askAgain(Home.Unavailable unavailable, Runnable again) {
    long waitedMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - identifiedNanos);
    if (waitedMillis >= parts.options().placement().waitMillis()) {
      LOG.debug("no node serves the {}: {}", this, unavailable.reason());
      sniffer.reject(RejectReason.UNAVAILABLE);
      return;
    }
    if (pause()) {
      socket
          .eventLoop()
          .schedule(again, parts.options().placement().retryMillis(), TimeUnit.MILLISECONDS);
    }
  }

  private void placeUnlessDone(String clientId) {
    if (!sniffer.isDone()) {
      place(clientId);
    }
  }

  private void relay(String clientId, Home.Remote home) {
    boolean tryable = !home.node().equals(unreachableNode) && homesTried < HOMES_MAX;
    if (!tryable || !parts.backends().mayTry(home.node())) {
      fallBack(clientId, home);
    } else if (pause()) {
      homesTried++;
      // On the Vert.x context, so that the other socket gets the same event loop.
      VertxInternals.dispatch(
          loop.context(),
          () ->
              parts
                  .backends()
                  .connect(home)
                  .onComplete((backend, failure) -> connected(clientId, home, backend, failure)));
    }
  }

  private void connected(
      String clientId, Home.Remote home, @Nullable NetSocket backend, @Nullable Throwable failure) {
    if (backend == null) {
      LOG.debug("home {} of client id '{}' cannot be reached", home, clientId, failure);
      unreachableNode = home.node();
      placeUnlessDone(clientId);
    } else if (sniffer.isDone()) {
      VertxInternals.handler(backend).close();
    } else {
      parts.metrics().relayed();
      Relay relay = Relay.open(parts, home.node(), clientSocket, backend);
      sniffer.passOn();
      relay.begin(sniffer.isInputClosed());
    }
  }

  /** Serves the client though it is not at home: a takeover, and correct. */
  private void fallBack(String clientId, Home.Remote home) {
    LOG.debug("home {} cannot be reached, client id '{}' is served here", home, clientId);
    parts.metrics().fallback();
    serveLocally();
  }

  /** Hands the socket over to the local broker. */
  private void serveLocally() {
    socket.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, false);
    socket.config().setAutoRead(true);
    try {
      parts.local().accept(clientSocket);
    } catch (RuntimeException e) {
      LOG.warn("the local broker did not accept {}", this, e);
      sniffer.reject(RejectReason.HANDOVER_FAILED);
      return;
    }
    parts.metrics().local();
    sniffer.passOn();
    if (sniffer.isInputClosed()) {
      passOnFin();
    }
  }

  /** The FIN that the broker would have seen by itself came while the socket was ours. */
  private void passOnFin() {
    if (Boolean.TRUE.equals(socket.config().getOption(ChannelOption.ALLOW_HALF_CLOSURE))) {
      socket.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
    } else {
      socket.close();
    }
  }

  private boolean pause() {
    boolean fits = sniffer.pause();
    if (!fits) {
      sniffer.reject(RejectReason.HANDSHAKE_BYTES_MAX);
    }
    return fits;
  }

  void rejected(RejectReason reason) {
    parts.rejected(clientSocket, reason);
  }

  @Override
  public String toString() {
    return "connection from " + clientSocket.address();
  }
}
