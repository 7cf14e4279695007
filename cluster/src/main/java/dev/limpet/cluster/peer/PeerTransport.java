package dev.limpet.cluster.peer;

import dev.limpet.broker.io.VertxInternals;
import dev.limpet.broker.mqtt.BinaryReader;
import dev.limpet.broker.mqtt.NodeId;
import dev.limpet.broker.spi.cluster.Membership;
import dev.limpet.broker.spi.cluster.PeerGoneException;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.SocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Owns all links of this node: a server for the peers' links and one outgoing link to each peer.
 *
 * <p>Thread-safe. Frames of one peer are handled one after another on the server's event loop.
 * Peers are admitted once {@link #open} was called; before, their links wait and retry.
 */
public final class PeerTransport implements IncomingLinks.User {

  private static final Logger LOG = LoggerFactory.getLogger(PeerTransport.class);
  private static final long EXPIRY_CHECK_MILLIS = 250;

  /** Groups the settings of a transport. Immutable. */
  public record Setup(
      String clusterName,
      NodeId self,
      PeerOptions options,
      LinkClock clock,
      MeterRegistry registry) {}

  private final SeldomWarning failed = new SeldomWarning(LOG);
  private final Vertx vertx;
  private final Setup setup;
  private final NetServer server;
  private final NetClient client;
  private final IncomingLinks incoming;
  private final Map<NodeId, OutgoingLink> links = new ConcurrentHashMap<>();

  /** Links that may still be about to connect. */
  private final Set<Future<Void>> ending = ConcurrentHashMap.newKeySet();

  private final Map<FrameKind, FrameHandler> handlers = new ConcurrentHashMap<>();
  private final long expiryTimer;
  private volatile Consumer<NodeId> onLinked = peer -> {};
  private volatile @Nullable Membership membership;
  private volatile boolean open;
  private volatile boolean closed;
  private @Nullable Context serverLoop;

  public PeerTransport(Vertx vertx, Setup setup) {
    this.vertx = vertx;
    this.setup = setup;
    this.server = vertx.createNetServer(new NetServerOptions().setTcpNoDelay(true));
    this.client =
        vertx.createNetClient(
            new NetClientOptions()
                .setTcpNoDelay(true)
                .setConnectTimeout(setup.options().connectMillisMax()));
    this.incoming = new IncomingLinks(vertx, setup.options(), this);
    this.expiryTimer =
        vertx.setPeriodic(
            EXPIRY_CHECK_MILLIS, timer -> links.values().forEach(link -> link.requests().expire()));
  }

  /**
   * Binds the server.
   *
   * @param port 0 for any free one
   * @return the port bound
   */
  public Future<Integer> listen(String host, int port) {
    Context loop = VertxInternals.eventLoopContext(vertx);
    serverLoop = loop;
    Promise<Integer> bound = Promise.promise();
    loop.runOnContext(
        ignored ->
            server
                .connectHandler(incoming::accept)
                .listen(SocketAddress.inetSocketAddress(port, host))
                .map(NetServer::actualPort)
                .onComplete(bound));
    return bound.future();
  }

  /**
   * Sets who handles the frames of a kind. Before {@link #open}.
   *
   * @return the previous handler, null for none
   */
  public @Nullable FrameHandler handle(FrameKind kind, FrameHandler handler) {
    return handlers.put(kind, handler);
  }

  /**
   * Sets the listener told, before the first frame is sent, that a peer has admitted this node.
   * Call before the first {@link #joined}.
   */
  public void onLinked(Consumer<NodeId> listener) {
    onLinked = listener;
  }

  /** Admits members from now on. */
  public void open(Membership members) {
    membership = members;
    open = true;
  }

  /** Makes a link to a node that joined. Calls come one after another. */
  public void joined(NodeId peer, SocketAddress address) {
    if (closed || links.containsKey(peer)) {
      return;
    }
    LinkRuntime runtime =
        new LinkRuntime(
            vertx, VertxInternals.eventLoopContext(vertx), client, setup.options(), setup.clock());
    LinkEnds ends = new LinkEnds(setup.clusterName(), setup.self(), peer, address);
    OutgoingLink link =
        new OutgoingLink(runtime, ends, () -> onLinked.accept(peer), setup.registry());
    links.put(peer, link); // First, since listeners send over the link at once.
    if (closed) { // and may not have seen this one
      left(peer);
      return;
    }
    link.start();
  }

  /** Ends the links with a node that left; requests pending there fail. */
  public void left(NodeId peer) {
    OutgoingLink link = links.remove(peer);
    if (link != null) {
      Future<Void> ended = link.close();
      ending.add(ended);
      ended.onComplete(done -> ending.remove(ended));
    }
    Context loop = serverLoop;
    if (loop != null) {
      loop.runOnContext(ignored -> incoming.forget(peer));
    }
  }

  /** Sends something that may be lost; see {@link PeerOptions#linkBytesMax}. */
  public void deliver(NodeId peer, boolean important, FrameKind kind, Buffer head, Buffer tail) {
    OutgoingLink link = link(peer);
    if (link != null) {
      link.deliver(new PeerFrame(kind, 0, head, tail), important);
    }
  }

  /** Sends something small that has no answer; does nothing when the peer is gone. */
  public void tell(NodeId peer, FrameKind kind, Buffer body) {
    OutgoingLink link = link(peer);
    if (link != null) {
      link.tell(PeerFrame.of(kind, body));
    }
  }

  /**
   * Sends a request.
   *
   * @return the answer; fails with {@link PeerGoneException} when the peer leaves, with the failure
   *     of its handler, or with {@code ClusterUnavailableException}
   */
  public CompletableFuture<Buffer> ask(NodeId peer, FrameKind kind, Buffer head, Buffer tail) {
    OutgoingLink link = link(peer);
    if (link != null) {
      return link.ask(kind, head, tail);
    }
    Membership members = membership;
    boolean joining = members != null && members.isLive(peer);
    return CompletableFuture.failedFuture(
        joining
            ? Failures.unavailable("node " + peer + " has no link yet")
            : new PeerGoneException(peer));
  }

  /** The same with a body of one part. */
  public CompletableFuture<Buffer> ask(NodeId peer, FrameKind kind, Buffer body) {
    return ask(peer, kind, body, PeerFrame.EMPTY);
  }

  /** Whether a peer has ever admitted this node. */
  public boolean isLinked(NodeId peer) {
    OutgoingLink link = links.get(peer);
    return link != null && link.isLinked();
  }

  /** Bytes on their way to a peer. */
  public long pendingBytes(NodeId peer) {
    OutgoingLink link = links.get(peer);
    return link == null ? 0 : link.pendingBytes();
  }

  /**
   * Listens no longer: peers that find this node gone, and their connections refused, take it for
   * dead.
   */
  public Future<Void> refuse() {
    open = false;
    return server.close();
  }

  /** Closes all links; pending requests fail, and joining nodes are ignored. */
  public Future<Void> close() {
    open = false;
    closed = true;
    vertx.cancelTimer(expiryTimer);
    links.keySet().forEach(this::left);
    // The client last: a link that has not begun to connect would meet a closed one.
    return Future.join(List.copyOf(ending))
        .eventually(server::close)
        .eventually(client::close)
        .mapEmpty();
  }

  private @Nullable OutgoingLink link(NodeId peer) {
    if (peer.equals(setup.self())) {
      throw new IllegalArgumentException("no frames to oneself");
    }
    return links.get(peer);
  }

  @Override
  public @Nullable String objection(Hello hello) {
    Membership members = membership;
    if (!hello.clusterName().equals(setup.clusterName())) {
      return "this is cluster " + setup.clusterName();
    }
    if (!hello.to().equals(setup.self())) {
      return "the node meant is gone, this is another";
    }
    if (!open || members == null) {
      return "not open yet";
    }
    if (!setup.clock().isSet()) {
      return "its clock is not set yet"; // and its frames would be judged by a wrong time
    }
    boolean answerable = members.isLive(hello.from()) && links.containsKey(hello.from());
    return answerable ? null : "unknown member";
  }

  @Override
  public Buffer clock() {
    return setup.clock().reading();
  }

  @Override
  public void frame(NodeId from, FrameKind kind, long request, BinaryReader body) {
    switch (kind) {
      case ANSWERED -> withLink(from, link -> link.requests().completeAll(body));
      case ANSWER -> withLink(from, link -> link.requests().complete(request, body.bytes()));
      case FAILURE ->
          withLink(from, link -> link.requests().fail(request, Failures.decode(from, body)));
      default -> dispatch(from, kind, request, body);
    }
  }

  private void dispatch(NodeId from, FrameKind kind, long request, BinaryReader body) {
    CompletionStage<Buffer> answer = handled(from, kind, body);
    if (request != 0) {
      answer.whenComplete(
          (value, failure) -> withLink(from, link -> link.answered(request, value, failure)));
    } else {
      answer.whenComplete(
          (value, failure) -> {
            if (failure != null) {
              failed.warn("A frame " + kind + " of node " + from + " failed", failure);
            }
          });
    }
  }

  /** A frame that cannot be handled fails for its sender only. */
  private CompletionStage<Buffer> handled(NodeId from, FrameKind kind, BinaryReader body) {
    FrameHandler handler = handlers.get(kind);
    if (handler == null) {
      return CompletableFuture.failedFuture(new IllegalStateException("no handler for " + kind));
    }
    try {
      return handler.handle(from, body);
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private void withLink(NodeId peer, Consumer<OutgoingLink> action) {
    OutgoingLink link = links.get(peer);
    if (link != null) {
      action.accept(link);
    }
  }
}
