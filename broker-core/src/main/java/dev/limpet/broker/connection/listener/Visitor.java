package dev.limpet.broker.connection.listener;

import dev.limpet.broker.spi.ClientOrigin;
import io.netty.channel.Channel;
import io.netty.util.AttributeKey;
import io.vertx.core.net.SocketAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * A socket that has come through a {@link Doorway}: from here on it carries nothing but MQTT.
 * Immutable.
 *
 * @param address of the client, as the PROXY header says or as it is seen
 * @param halfCloses whether the end of one direction can be told without ending the other
 * @param certificateName user of a verified client certificate; null without one
 * @param guards of its listener
 */
public record Visitor(
    Channel socket,
    SocketAddress address,
    boolean halfCloses,
    @Nullable String certificateName,
    ListenerGuards guards) {

  private static final AttributeKey<Visitor> KEY = AttributeKey.valueOf(Visitor.class, "visitor");

  /** A socket about which nothing is known but its peer's address. */
  static Visitor plain(Channel socket, ListenerGuards guards) {
    return new Visitor(socket, addressOf(socket), true, null, guards);
  }

  static SocketAddress addressOf(Channel socket) {
    return SocketAddress.inetSocketAddress((InetSocketAddress) socket.remoteAddress());
  }

  /** What the doorway learned of a socket; one that came through none is plain. */
  public static Visitor of(Channel socket) {
    Visitor visitor = socket.attr(KEY).get();
    return visitor == null ? plain(socket, ListenerGuards.OF_NODE) : visitor;
  }

  void attach() {
    socket.attr(KEY).set(this);
  }

  /** What access rules see of it. */
  public ClientOrigin origin() {
    return new ClientOrigin(String.valueOf(address), certificateName);
  }
}
