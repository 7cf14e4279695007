package dev.limpet.lb;

import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;

/** Hands a socket over to the local broker, with all bytes still to be read. A port. */
@FunctionalInterface
public interface LocalHandover {

  /**
   * Takes the socket over. Called on the socket's event loop. The client's bytes so far, CONNECT
   * included, are delivered right after this call returns, to the handlers that the receiver has
   * added at the end of the pipeline. An exception closes the socket.
   *
   * <p>A FIN closes the socket, unless the receiver sets {@link ChannelOption#ALLOW_HALF_CLOSURE}
   * in this call: then a {@link ChannelInputShutdownEvent} follows the client's bytes, also for a
   * FIN that came before this call.
   *
   * <p>From here on the socket belongs to the receiver, who also closes it.
   */
  void accept(FrontendSocket socket);

  /**
   * Whether the broker takes sockets yet: clients whose home does not matter wait for it. On any
   * event loop.
   */
  default boolean isOpen() {
    return true;
  }
}
