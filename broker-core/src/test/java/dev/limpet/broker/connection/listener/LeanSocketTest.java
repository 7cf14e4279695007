package dev.limpet.broker.connection.listener;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** That this version of Vert.x still has the queue where we look for it. */
class LeanSocketTest {

  @Test
  void a_trimmed_socket_has_a_small_queue_and_still_writes() throws Exception {
    Vertx vertx = Vertx.vertx();
    CompletableFuture<NetSocket> accepted = new CompletableFuture<>();
    CompletableFuture<Buffer> received = new CompletableFuture<>();
    try {
      var server =
          vertx
              .createNetServer()
              .connectHandler(
                  socket -> {
                    LeanSocket.trim(socket);
                    accepted.complete(socket);
                  });
      int port = done(server.listen(0, "127.0.0.1")).actualPort();
      NetSocket client = done(vertx.createNetClient().connect(port, "127.0.0.1"));
      client.handler(received::complete);
      NetSocket socket = accepted.get(10, TimeUnit.SECONDS);

      assertThat(LeanSocket.queue(socket)).isInstanceOf(ConcurrentLinkedQueue.class);
      done(socket.write("from another thread"));
      assertThat(received.get(10, TimeUnit.SECONDS)).hasToString("from another thread");
    } finally {
      done(vertx.close());
    }
  }

  private static <T> T done(io.vertx.core.Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }
}
