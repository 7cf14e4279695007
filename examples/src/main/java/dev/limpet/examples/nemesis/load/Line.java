package dev.limpet.examples.nemesis.load;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SocketAddress;

/**
 * A wire to a node that can be pulled: a client that connects through it can end without
 * DISCONNECT. For one connection. Confined to the event loop.
 */
final class Line {

  private static final String HERE = "127.0.0.1";

  private final NetServer server;
  private final NetClient client;
  private final Handler<Buffer> tap;

  /**
   * @param tap hears what the node sends
   */
  Line(Vertx vertx, Handler<Buffer> tap) {
    this.server = vertx.createNetServer();
    this.client = vertx.createNetClient();
    this.tap = tap;
  }

  /** Opens it, and says where the client shall connect to. */
  Future<SocketAddress> open(String host, int port) {
    server.connectHandler(
        near -> {
          near.pause();
          client
              .connect(port, host)
              .onSuccess(far -> join(near, far))
              .onFailure(why -> near.close());
        });
    return server
        .listen(0, HERE)
        .map(open -> SocketAddress.inetSocketAddress(open.actualPort(), HERE));
  }

  private void join(NetSocket near, NetSocket far) {
    near.handler(far::write);
    far.handler(
        sent -> {
          tap.handle(sent);
          near.write(sent);
        });
    near.closeHandler(nothing -> far.close());
    far.closeHandler(nothing -> near.close());
    near.resume();
  }

  /** Ends both connections, without a word of MQTT. */
  void pull() {
    server.close();
    client.close();
  }
}
