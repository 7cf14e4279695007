package dev.limpet.broker.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.net.NetSocket;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** That this version of Netty still has the table where we look for it. */
@Timeout(60)
class LoopSocketsTest {

  @Test
  void sockets_live_in_the_table_of_ours() throws Exception {
    Vertx vertx =
        Vertx.vertx(new VertxOptions().setPreferNativeTransport(true).setEventLoopPoolSize(1));
    try {
      assumeTrue(vertx.isNativeTransportEnabled());
      EventLoopGroup group = ((VertxInternal) vertx).nettyEventLoopGroup();
      EventLoop loop = new Lanes(group).all().get(0).loop();
      var server = vertx.createNetServer().connectHandler(socket -> socket.handler(socket::write));
      int port = done(server.listen(0, "127.0.0.1")).actualPort();
      CompletableFuture<Buffer> echo = new CompletableFuture<>();
      NetSocket client = done(vertx.createNetClient().connect(port, "127.0.0.1"));
      client.handler(echo::complete);

      done(client.write("hello"));

      assertThat(echo.get(50, TimeUnit.SECONDS)).hasToString("hello");
      int open = sockets(loop).size();
      assertThat(open).isGreaterThanOrEqualTo(2); // Vert.x may have others of its own
      done(client.close());
      Awaitility.await().untilAsserted(() -> assertThat(sockets(loop)).hasSize(open - 2));
    } finally {
      done(vertx.close());
    }
  }

  private static Collection<?> sockets(EventLoop loop) throws Exception {
    return loop.submit(() -> ((SocketTable<?>) LoopSockets.tableOf(loop)).values()).get();
  }

  private static <T> T done(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(50, TimeUnit.SECONDS);
  }
}
