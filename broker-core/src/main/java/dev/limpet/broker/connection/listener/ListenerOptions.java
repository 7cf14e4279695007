package dev.limpet.broker.connection.listener;

import org.jspecify.annotations.Nullable;

/**
 * Configures the pipeline of one listener's sockets. Immutable.
 *
 * @param name for metrics and logs, usually the listener's URI
 * @param proxy the PROXY header that comes first; null when there is none
 * @param tls null for plain TCP
 * @param webSocket null when MQTT follows directly
 * @param guards who decides about its clients
 * @param limits of this listener
 */
public record ListenerOptions(
    String name,
    @Nullable ProxyOptions proxy,
    @Nullable TlsOptions tls,
    @Nullable WebSocketOptions webSocket,
    ListenerGuards guards,
    Limits limits) {

  /**
   * Bounds of one listener. Immutable.
   *
   * @param connectionsMax connections at once, default 200,000: a usual limit of open files; one
   *     more is closed at once
   * @param connectsPerSecondMax new connections a second, with one second's worth at once; faster
   *     ones are closed at once; default 0, no bound
   * @param handshakeMillisMax time for PROXY header, TLS and WebSocket together, default 10,000:
   *     enough for a slow line
   * @param handshakesMax sockets at once that have not sent a whole CONNECT, default 16,384: more
   *     than one reconnect storm leaves undecided on a small machine; for one more, the address
   *     with the most of them loses its oldest
   * @param handshakesPerAddressMax those of one address (IPv6: of one /64), default 1,638, a tenth;
   *     with more, it loses those that have waited for a second
   */
  public record Limits(
      int connectionsMax,
      int connectsPerSecondMax,
      int handshakeMillisMax,
      int handshakesMax,
      int handshakesPerAddressMax) {
    public static final Limits DEFAULTS = new Limits(200_000, 0, 10_000);

    /** With the usual bounds of sockets that are silent. */
    public Limits(int connectionsMax, int connectsPerSecondMax, int handshakeMillisMax) {
      this(connectionsMax, connectsPerSecondMax, handshakeMillisMax, 16_384, 1_638);
    }
  }

  /** Plain TCP with the default limits. */
  public static ListenerOptions tcp(String name) {
    return new ListenerOptions(name, null, null, null, ListenerGuards.OF_NODE, Limits.DEFAULTS);
  }

  public ListenerOptions withProxy(ProxyOptions value) {
    return new ListenerOptions(name, value, tls, webSocket, guards, limits);
  }

  public ListenerOptions withTls(TlsOptions value) {
    return new ListenerOptions(name, proxy, value, webSocket, guards, limits);
  }

  public ListenerOptions withWebSocket(WebSocketOptions value) {
    return new ListenerOptions(name, proxy, tls, value, guards, limits);
  }

  public ListenerOptions withGuards(ListenerGuards value) {
    return new ListenerOptions(name, proxy, tls, webSocket, value, limits);
  }

  public ListenerOptions withLimits(Limits value) {
    return new ListenerOptions(name, proxy, tls, webSocket, guards, value);
  }
}
