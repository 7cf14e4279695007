package dev.limpet.lb;

import io.vertx.core.net.NetSocket;

/** Port: the local broker takes a socket over, with all bytes still to be read. */
@FunctionalInterface
public interface LocalHandover {

  /**
   * Takes the socket over. Called on the socket's event loop and Vert.x context. What the client
   * has sent so far, CONNECT included, is delivered right after this call returns: to the handlers
   * that the receiver has added to the pipeline before Vert.x's own ({@code addBefore("handler",
   * …)}), or else to {@link NetSocket#handler}. An exception closes the socket.
   *
   * <p>From here on the socket belongs to the receiver. When the frontend stops, the receiver has
   * the grace period to close it; a {@link NetSocket#shutdownHandler} of its own replaces the
   * frontend's, which does nothing.
   */
  void accept(NetSocket socket);

  /**
   * Whether the broker takes sockets yet: clients whose home does not matter wait for it. On any
   * event loop.
   */
  default boolean isOpen() {
    return true;
  }
}
