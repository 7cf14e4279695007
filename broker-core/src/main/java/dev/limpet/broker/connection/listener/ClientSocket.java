package dev.limpet.broker.connection.listener;

import dev.limpet.broker.connection.pending.PendingHandshakes;
import dev.limpet.broker.spi.ClientOrigin;
import io.netty.channel.Channel;
import io.vertx.core.net.SocketAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Wraps a socket that has passed a {@link ListenerPipeline}: from here on it carries only MQTT.
 * Immutable.
 *
 * @param address of the client, from the PROXY header or the socket
 * @param relayed whether a frontend of the cluster relays, which answers a FIN with the client's
 *     buffered bytes and its own FIN
 * @param halfCloses whether one direction can be closed without the other
 * @param certificateName user of a verified client certificate; null without one
 * @param guards of its listener
 * @param listener its name; null for a socket that came through no {@link ListenerPipeline}
 * @param place among those that have not sent CONNECT; null for the same
 */
public record ClientSocket(
    Channel socket,
    SocketAddress address,
    boolean relayed,
    boolean halfCloses,
    @Nullable String certificateName,
    ListenerGuards guards,
    @Nullable String listener,
    PendingHandshakes.@Nullable Place place) {

  /** A socket about which nothing is known but its peer's address and where it came in. */
  static ClientSocket plain(
      Channel socket, ListenerOptions options, PendingHandshakes.Place place) {
    return new ClientSocket(
        socket, addressOf(socket), false, true, null, options.guards(), options.name(), place);
  }

  static SocketAddress addressOf(Channel socket) {
    return SocketAddress.inetSocketAddress((InetSocketAddress) socket.remoteAddress());
  }

  /** A socket that came through no pipeline. */
  public static ClientSocket of(Channel socket) {
    return new ClientSocket(
        socket, addressOf(socket), false, true, null, ListenerGuards.OF_NODE, null, null);
  }

  /** Ends the handshake timeout; from here on, other parts may set their own. */
  public void endWait() {
    if (place != null) {
      place.leave();
    }
  }

  /** Its CONNECT is still to come. */
  public void waitAgain() {
    if (place != null) {
      place.enter();
    }
  }

  /** The origin that access rules see. */
  public ClientOrigin origin() {
    return new ClientOrigin(String.valueOf(address), certificateName);
  }
}
