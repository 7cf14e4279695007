package dev.limpet.lb;

import io.vertx.core.net.NetSocket;
import java.util.function.Consumer;

/**
 * Port: what an accepted socket goes through before its CONNECT is read, such as a PROXY header,
 * TLS or WebSocket frames. Thread-safe.
 */
@FunctionalInterface
public interface Doorstep {

  /** Nothing: the socket carries MQTT. */
  Doorstep NONE =
      (socket, next) ->
          next.accept(new Visitor(socket, socket.remoteAddress(), !socket.isSsl(), null, null));

  /**
   * Called on the socket's event loop before a byte was read.
   *
   * @param next takes the visitor, on the socket's event loop, at once or later; not called for a
   *     socket that was closed instead
   */
  void enter(NetSocket accepted, Consumer<Visitor> next);
}
