package dev.limpet.broker.connection.connect;

import dev.limpet.broker.connection.MqttConnection;
import dev.limpet.broker.connection.attachment.ConnectionPorts;
import dev.limpet.broker.connection.listener.ClientSocket;
import dev.limpet.broker.connection.listener.ListenerPipeline;
import dev.limpet.broker.io.Acceptor;
import dev.limpet.broker.io.Lane;
import dev.limpet.broker.io.Lanes;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.vertx.core.Future;
import io.vertx.core.Vertx;

/**
 * Turns each socket it gets into an MQTT connection on the lane of its event loop.
 *
 * <p>Thread-safe.
 */
public final class MqttListener {
  private final ConnectionPorts ports;
  private final Lanes lanes;
  private volatile boolean stopping;

  public MqttListener(ConnectionPorts ports) {
    this.ports = ports;
    this.lanes = ports.lanes();
  }

  /**
   * Listens on the event loops of {@code vertx}.
   *
   * @param port 0 for any free one
   * @return the port; fails with the operating system's error, and then leaves nothing behind
   */
  public Future<Integer> listen(Vertx vertx, String host, int port) {
    Acceptor acceptor = new Acceptor(vertx);
    acceptor.open(socket -> accept(ClientSocket.of(socket)));
    return acceptor.listen(host, port);
  }

  /** The same for sockets that have to go through a listener's pipeline first. */
  public Future<Integer> listen(Vertx vertx, String host, int port, ListenerPipeline pipeline) {
    Acceptor acceptor = new Acceptor(vertx);
    acceptor.onShortage(pipeline::makeRoom);
    acceptor.open(socket -> pipeline.enter(socket, this::accept));
    return acceptor.listen(host, port);
  }

  /** Takes over a socket, with all bytes still to be read. On the socket's event loop. */
  public void accept(ClientSocket clientSocket) {
    Channel socket = clientSocket.socket();
    boolean draining = stopping;
    if (draining && ports.options().protocol().serverReference() == null) {
      socket.close();
      return;
    }
    Lane lane = lanes.of(socket.eventLoop());
    // Serves clients that send CONNECT, a message and FIN at once.
    socket.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, clientSocket.halfCloses());
    socket
        .pipeline()
        .addLast(
            "limpet-mqtt",
            new MqttConnection(
                ports.socket(),
                lane,
                clientSocket,
                draining ? RedirectStage::new : connection -> new AwaitConnect(connection, ports)));
  }

  /** Closes new sockets at once from now on, or redirects them to the configured server. */
  public void stopAccepting() {
    stopping = true;
  }
}
