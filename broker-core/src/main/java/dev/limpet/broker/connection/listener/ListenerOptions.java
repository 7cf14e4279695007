package dev.limpet.broker.connection.listener;

import dev.limpet.broker.spi.Authenticator;
import org.jspecify.annotations.Nullable;

/**
 * What a socket of one listener has to go through. Immutable.
 *
 * @param name for metrics and logs, usually the listener's URI
 * @param proxy the PROXY header that comes first; null when there is none
 * @param tls null for plain TCP
 * @param webSocket null when MQTT follows directly
 * @param authenticator asked instead of the node's, for clients that are served here: who is
 *     brought home from here meets the home's; null for the node's
 * @param limits of this listener
 */
public record ListenerOptions(
    String name,
    @Nullable ProxyOptions proxy,
    @Nullable TlsOptions tls,
    @Nullable WebSocketOptions webSocket,
    @Nullable Authenticator authenticator,
    Limits limits) {

  /**
   * Bounds of one listener. Immutable.
   *
   * @param connectionsMax connections at once, default 200,000: a usual limit of open files; one
   *     more is closed at once
   * @param connectsPerSecondMax new connections a second, with one second's worth at once; what
   *     comes faster is closed at once; default 0, no bound
   * @param handshakeMillisMax time for PROXY header, TLS and WebSocket together, default 10,000:
   *     what a slow line needs
   */
  public record Limits(int connectionsMax, int connectsPerSecondMax, int handshakeMillisMax) {
    public static final Limits DEFAULTS = new Limits(200_000, 0, 10_000);
  }

  /** Plain TCP with the default limits. */
  public static ListenerOptions tcp(String name) {
    return new ListenerOptions(name, null, null, null, null, Limits.DEFAULTS);
  }

  public ListenerOptions withProxy(ProxyOptions value) {
    return new ListenerOptions(name, value, tls, webSocket, authenticator, limits);
  }

  public ListenerOptions withTls(TlsOptions value) {
    return new ListenerOptions(name, proxy, value, webSocket, authenticator, limits);
  }

  public ListenerOptions withWebSocket(WebSocketOptions value) {
    return new ListenerOptions(name, proxy, tls, value, authenticator, limits);
  }

  public ListenerOptions withAuthenticator(Authenticator value) {
    return new ListenerOptions(name, proxy, tls, webSocket, value, limits);
  }

  public ListenerOptions withLimits(Limits value) {
    return new ListenerOptions(name, proxy, tls, webSocket, authenticator, value);
  }
}
