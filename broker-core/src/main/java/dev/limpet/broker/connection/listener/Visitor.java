package dev.limpet.broker.connection.listener;

import dev.limpet.broker.spi.ClientOrigin;
import io.netty.channel.Channel;
import io.netty.util.AttributeKey;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SocketAddress;
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
    NetSocket socket,
    SocketAddress address,
    boolean halfCloses,
    @Nullable String certificateName,
    ListenerGuards guards) {

  private static final AttributeKey<Visitor> KEY = AttributeKey.valueOf(Visitor.class, "visitor");

  /** A socket that came through no doorway. */
  private static Visitor plain(NetSocket socket) {
    return new Visitor(
        socket, socket.remoteAddress(), !socket.isSsl(), null, ListenerGuards.OF_NODE);
  }

  /** What the doorway learned of a socket. */
  public static Visitor of(NetSocket socket, Channel channel) {
    Visitor visitor = channel.attr(KEY).get();
    return visitor == null ? plain(socket) : visitor;
  }

  void attachTo(Channel channel) {
    channel.attr(KEY).set(this);
  }

  /** What access rules see of it. */
  public ClientOrigin origin() {
    return new ClientOrigin(String.valueOf(address), certificateName);
  }
}
