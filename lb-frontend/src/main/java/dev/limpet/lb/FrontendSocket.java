package dev.limpet.lb;

import io.netty.channel.Channel;
import io.vertx.core.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Wraps a socket that carries only MQTT from here on. Immutable.
 *
 * @param socket whose pipeline starts with the handlers that turn it into plain MQTT
 * @param address of the client; null when it is not known
 * @param halfCloses whether one direction can end without the other, which only plain TCP can
 * @param certificateName common name of the verified client certificate, for the home to know; null
 *     without one
 * @param guardsName names who decides about clients of this listener, for the home to know; null
 *     when the home's own do
 * @param attachment the accepter's data on the socket, for its local receiver; null for none
 * @param onIdentified run once its client id is known, on its event loop: limits on silent sockets
 *     need not count it any more
 */
public record FrontendSocket(
    Channel socket,
    @Nullable SocketAddress address,
    boolean halfCloses,
    @Nullable String certificateName,
    @Nullable String guardsName,
    @Nullable Object attachment,
    Runnable onIdentified) {}
