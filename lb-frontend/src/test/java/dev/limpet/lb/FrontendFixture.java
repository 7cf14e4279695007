package dev.limpet.lb;

import static java.util.concurrent.TimeUnit.SECONDS;

import dev.limpet.broker.io.Acceptor;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A running frontend; its "broker" sends every byte back to the client. */
final class FrontendFixture implements AutoCloseable {
  /** Where relays connect from. */
  static final String RELAYS_FROM = "127.0.0.7";

  final Vertx vertx;
  final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  final Map<String, Home> homes = new ConcurrentHashMap<>();
  final List<String> asked = new CopyOnWriteArrayList<>();
  final List<Channel> handedOver = new CopyOnWriteArrayList<>();
  final Frontend frontend;
  volatile Placement placement = id -> homes.getOrDefault(id, new Home.Local());
  volatile Consumer<Channel> broker = FrontendFixture::echo;

  /** Who the clients say they are; null for who they are. */
  volatile @Nullable SocketAddress claimed;

  final int port;

  private FrontendFixture(VertxOptions loops, FrontendOptions options) {
    vertx = Vertx.vertx(loops);
    frontend =
        new Frontend(
            vertx, options, this::place, this::handOver, new FrontendMetrics(registry, "mqtt"));
    frontend.customizeRelays(client -> client.setLocalAddress(RELAYS_FROM)).start();
    port = listen();
  }

  static FrontendFixture start() {
    return start(true, options -> options);
  }

  static FrontendFixture start(UnaryOperator<FrontendOptions.Builder> change) {
    return start(true, change);
  }

  static FrontendFixture start(
      boolean nativeTransport, UnaryOperator<FrontendOptions.Builder> change) {
    return start(new VertxOptions().setPreferNativeTransport(nativeTransport), change);
  }

  /** All sockets on one event loop. */
  static FrontendFixture startOnOneLoop(UnaryOperator<FrontendOptions.Builder> change) {
    return start(new VertxOptions().setPreferNativeTransport(true).setEventLoopPoolSize(1), change);
  }

  private static FrontendFixture start(
      VertxOptions loops, UnaryOperator<FrontendOptions.Builder> change) {
    return new FrontendFixture(loops, change.apply(FrontendOptions.builder()).build());
  }

  private int listen() {
    Acceptor acceptor = new Acceptor(vertx);
    acceptor.open(socket -> frontend.enter(clientSocket(socket)));
    return await(acceptor.listen("127.0.0.1", 0));
  }

  private FrontendSocket clientSocket(Channel socket) {
    SocketAddress real =
        SocketAddress.inetSocketAddress((InetSocketAddress) socket.remoteAddress());
    return new FrontendSocket(
        socket, claimed == null ? real : claimed, true, null, null, null, () -> {});
  }

  private Home place(String clientId) {
    asked.add(clientId);
    return placement.place(clientId);
  }

  private void handOver(FrontendSocket handed) {
    Channel socket = handed.socket();
    handedOver.add(socket);
    broker.accept(socket);
  }

  /** The way a broker takes over: with a handler of its own. */
  static void echo(Channel socket) {
    socket.pipeline().addLast("limpet-mqtt", new Echo());
  }

  private static final class Echo extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      ctx.write(message, ctx.voidPromise());
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
      ctx.flush();
    }
  }

  /** A listening socket that plays another node, which is home of {@code clientId}. */
  ServerSocket homeOf(String clientId) throws IOException {
    ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    server.setSoTimeout(60_000);
    homes.put(clientId, remote("b", server.getLocalPort()));
    return server;
  }

  static Home.Remote remote(String node, int port) {
    return new Home.Remote(node, SocketAddress.inetSocketAddress(port, "127.0.0.1"));
  }

  /** A port where nobody listens. */
  static int deadPort() throws IOException {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return server.getLocalPort();
    }
  }

  TestClient client() throws IOException {
    return TestClient.connect(port);
  }

  /** Keeps each event loop busy with something, from now on. */
  void keepBusy(Callable<?> what) {
    ((VertxInternal) vertx)
        .nettyEventLoopGroup()
        .forEach(
            loop -> {
              CompletableFuture<Void> begun = new CompletableFuture<>();
              loop.submit(
                  () -> {
                    begun.complete(null);
                    return what.call();
                  });
              begun.join();
            });
  }

  double counted(String outcome) {
    return registry.get("limpet.frontend.connections." + outcome).counter().count();
  }

  double rejected(RejectReason reason) {
    return registry
        .get("limpet.frontend.connections.rejected")
        .tag("reason", reason.tag())
        .counter()
        .count();
  }

  double gauge(String name) {
    return registry.get("limpet.frontend." + name).gauge().value();
  }

  static <T> T await(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(60, SECONDS);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    await(frontend.stop());
    await(vertx.close());
  }
}
