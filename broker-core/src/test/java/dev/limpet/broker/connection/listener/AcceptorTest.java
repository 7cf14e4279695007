package dev.limpet.broker.connection.listener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.limpet.broker.io.Acceptor;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** A port that spreads its sockets over all event loops, and how it is opened and closed. */
@ParameterizedClass(name = "native transport: {0}")
@ValueSource(booleans = {true, false})
class AcceptorTest {
  private static final int LOOPS = 3;

  @Parameter boolean nativeTransport;

  private final Map<String, Integer> threads = new ConcurrentHashMap<>();
  private @org.jspecify.annotations.Nullable Vertx started;

  private static final class Echo extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      ctx.writeAndFlush(message, ctx.voidPromise());
    }
  }

  private Vertx vertx() {
    if (started == null) {
      started =
          Vertx.vertx(
              new VertxOptions()
                  .setPreferNativeTransport(nativeTransport)
                  .setEventLoopPoolSize(LOOPS));
    }
    return started;
  }

  private void echo(Channel socket) {
    threads.merge(Thread.currentThread().getName(), 1, Integer::sum);
    socket.pipeline().addLast(new Echo());
  }

  private Acceptor open() {
    Acceptor acceptor = new Acceptor(vertx());
    acceptor.open(this::echo);
    return acceptor;
  }

  private static int listen(Acceptor acceptor) {
    return done(acceptor.listen("127.0.0.1", 0));
  }

  private static <T> T done(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static Socket connect(int port) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(60_000);
    return socket;
  }

  private static void expectEcho(Socket socket, int value) throws IOException {
    assertThat(socket.getInputStream().read()).isEqualTo(value);
  }

  private static Socket talk(int port, int value) throws IOException {
    Socket socket = connect(port);
    socket.getOutputStream().write(value);
    return socket;
  }

  private static boolean refuses(int port) throws IOException {
    try (Socket socket = connect(port)) {
      return false;
    } catch (ConnectException e) {
      return true;
    }
  }

  @AfterEach
  void close() {
    done(vertx().close());
  }

  @Test
  void sockets_spread_evenly_and_lose_nothing_that_was_sent_at_once() throws IOException {
    int port = listen(open());
    List<Socket> clients = new ArrayList<>();
    for (int i = 0; i < 100 * LOOPS; i++) {
      clients.add(talk(port, i % 200));
    }
    for (int i = 0; i < clients.size(); i++) {
      expectEcho(clients.get(i), i % 200);
      clients.get(i).close();
    }
    assertThat(List.copyOf(threads.values())).isEqualTo(Collections.nCopies(LOOPS, 100));
  }

  @Test
  void until_it_is_opened_whoever_connects_is_closed() throws IOException {
    Acceptor acceptor = new Acceptor(vertx());
    int port = listen(acceptor);
    try (Socket early = connect(port)) {
      assertThat(early.getInputStream().read()).isEqualTo(-1);
    }
    acceptor.open(this::echo);
    try (Socket later = talk(port, 7)) {
      expectEcho(later, 7);
    }
  }

  @Test
  void a_socket_that_cannot_be_served_is_closed_and_the_next_one_is_served() throws IOException {
    Acceptor acceptor = new Acceptor(vertx());
    acceptor.open(
        socket -> {
          throw new IllegalStateException("no room (expected in this test)");
        });
    int port = listen(acceptor);
    try (Socket refused = connect(port)) {
      assertThat(refused.getInputStream().read()).isEqualTo(-1);
    }
    acceptor.open(this::echo);
    try (Socket served = talk(port, 7)) {
      expectEcho(served, 7);
    }
  }

  @Test
  void a_port_in_use_fails_with_the_reason_and_two_free_ones_differ() {
    int port = listen(open());
    assertThat(listen(open())).isPositive().isNotEqualTo(port);
    assertThatThrownBy(() -> done(new Acceptor(vertx()).listen("127.0.0.1", port)))
        .hasMessageContaining("in use");
    assertThatThrownBy(() -> done(new Acceptor(vertx()).listen("no.such.host.invalid", 0)))
        .hasMessageContaining("no.such.host.invalid");
  }

  @Test
  void closing_frees_the_port_and_sockets_may_use_the_grace() throws IOException {
    Acceptor acceptor = open();
    int port = listen(acceptor);
    try (Socket client = talk(port, 1)) {
      expectEcho(client, 1);
      Future<Void> closed = acceptor.close(Duration.ofMinutes(10));
      await().atMost(Duration.ofMinutes(1)).until(() -> refuses(port));
      client.getOutputStream().write(2);
      expectEcho(client, 2);
      assertThat(closed.isComplete()).isFalse();
      client.close();
      done(closed);
    }
  }

  @Test
  void without_grace_all_sockets_are_closed() throws IOException {
    Acceptor acceptor = open();
    try (Socket client = talk(listen(acceptor), 1)) {
      expectEcho(client, 1);
      done(acceptor.close(Duration.ZERO));
      assertThat(client.getInputStream().read()).isEqualTo(-1);
    }
    done(acceptor.close(Duration.ZERO));
  }

  @Test
  void closing_vertx_frees_the_port_and_closes_the_sockets() throws IOException {
    int port = listen(open());
    try (Socket client = talk(port, 1)) {
      expectEcho(client, 1);
      done(vertx().close());
      assertThat(client.getInputStream().read()).isEqualTo(-1);
      assertThat(refuses(port)).isTrue();
    }
  }
}
