package dev.limpet.cluster.peer;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SocketAddress;
import java.util.Random;
import java.util.function.UnaryOperator;

/**
 * A bad network for peer links: connections go through a relay that breaks them in the middle of
 * what is written, again and again. The first greeting of each connection passes.
 *
 * <p>Chance is shared by all connections, under its own lock; all else is of one event loop each.
 */
final class CuttingRelay implements UnaryOperator<SocketAddress> {

  private final Vertx vertx;
  private final NetClient client;
  private final Random random;

  CuttingRelay(Vertx vertx, Random random) {
    this.vertx = vertx;
    this.client = vertx.createNetClient();
    this.random = random;
  }

  /** Starts a relay to an address; Vert.x ends it. */
  @Override
  public SocketAddress apply(SocketAddress target) {
    int port =
        vertx
            .createNetServer()
            .connectHandler(from -> relay(from, target))
            .listen(0, "127.0.0.1")
            .await()
            .actualPort();
    return SocketAddress.inetSocketAddress(port, "127.0.0.1");
  }

  private void relay(NetSocket from, SocketAddress target) {
    from.pause();
    client
        .connect(target)
        .onSuccess(
            to -> {
              new Direction(from, to, true).start();
              new Direction(to, from, false).start();
              from.resume();
            })
        .onFailure(refused -> from.close());
  }

  /** What one end sends to the other. Confined to the loop of the socket it reads. */
  private final class Direction {
    private final NetSocket from;
    private final NetSocket to;
    private final boolean cuts;
    private boolean greeted;
    private boolean sentMore;
    private boolean cut;

    Direction(NetSocket from, NetSocket to, boolean cuts) {
      this.from = from;
      this.to = to;
      this.cuts = cuts;
    }

    void start() {
      from.handler(this::pass).closeHandler(closed -> to.close());
    }

    private void pass(Buffer bytes) {
      if (cut) {
        return;
      }
      if (cuts && greeted && chance()) {
        cut = true;
        to.write(bytes.slice(0, bytes.length() / 2)).onComplete(done -> to.close());
        from.close();
        return;
      }
      sentMore = greeted;
      greeted = true;
      to.write(bytes);
    }

    /** Often what follows the greeting: a busy machine writes so much at once that little comes. */
    private boolean chance() {
      synchronized (random) {
        return random.nextInt(sentMore ? 4 : 2) == 0;
      }
    }
  }
}
