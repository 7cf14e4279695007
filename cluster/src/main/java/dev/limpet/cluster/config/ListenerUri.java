package dev.limpet.cluster.config;

/**
 * Describes where a node accepts MQTT clients, written {@code mqtt://HOST:PORT?mode=sticky}, or
 * with {@code mqtts}, {@code ws} or {@code wss}. Immutable.
 *
 * @param host address to bind: a literal or a name of this machine
 * @param port 0 to 65535; 0 picks a free one
 * @param path of a WebSocket, beginning with a slash; empty without one
 * @param mode how it treats clients whose home is another node
 */
public record ListenerUri(
    ListenerScheme scheme,
    String host,
    int port,
    String path,
    ListenerMode mode,
    ListenerTerms terms) {

  /** Plain TCP that asks nothing. */
  public ListenerUri(String host, int port, ListenerMode mode) {
    this(ListenerScheme.MQTT, host, port, "", mode, ListenerTerms.NONE);
  }

  /**
   * Reads a listener URI.
   *
   * @param where the setting it was found in, for the sentence
   * @throws ConfigException naming the allowed values
   */
  public static ListenerUri parse(String text, String where) {
    return new ListenerUriReader(text, where).read();
  }

  /** The same on another port, such as the one a free one turned out to be. */
  public ListenerUri at(int otherPort) {
    return new ListenerUri(scheme, host, otherPort, path, mode, terms);
  }

  /** Whether clients are sent home from here. */
  public boolean isSticky() {
    return mode == ListenerMode.STICKY;
  }

  /** Where it listens. */
  public NetworkAddress address() {
    return new NetworkAddress(host, port);
  }

  /** Scheme, address and path, without the parameters: as announced to others. */
  public String endpoint() {
    return scheme.word() + "://" + address() + path;
  }

  @Override
  public String toString() {
    return endpoint() + "?mode=" + mode.word() + terms.parameters();
  }
}
