package dev.limpet.cluster.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Where a node accepts MQTT clients, written {@code mqtt://HOST:PORT?mode=sticky}. Immutable.
 *
 * @param host address to bind: a literal or a name of this machine
 * @param port 0 to 65535; 0 picks a free one
 * @param mode what happens to clients whose home is another node
 */
public record ListenerUri(String host, int port, ListenerMode mode) {

  private static final String SCHEME = "mqtt";
  private static final List<String> LATER_SCHEMES = List.of("mqtts", "ws", "wss");
  private static final String MODE = "mode";

  /**
   * Reads a listener URI.
   *
   * @param where the setting it was found in, for the sentence
   * @throws ConfigException saying what is allowed
   */
  static ListenerUri parse(String text, String where) {
    URI uri = toUri(text, where);
    requireScheme(uri, text, where);
    if (uri.getHost() == null || uri.getPort() < 0 || uri.getPort() > NetworkAddress.PORT_MAX) {
      throw bad(text, where, "it needs a host and a port from 0 to 65535");
    }
    if (uri.getUserInfo() != null || uri.getFragment() != null || hasPath(uri)) {
      throw bad(text, where, "nothing may stand between the port and '?mode='");
    }
    return new ListenerUri(unbracketed(uri.getHost()), uri.getPort(), mode(uri, text, where));
  }

  /** Whether clients are sent home from here. */
  public boolean isSticky() {
    return mode == ListenerMode.STICKY;
  }

  /** Where it listens. */
  public NetworkAddress address() {
    return new NetworkAddress(host, port);
  }

  @Override
  public String toString() {
    return SCHEME + "://" + address() + "?" + MODE + "=" + mode.word();
  }

  private static URI toUri(String text, String where) {
    try {
      return new URI(text);
    } catch (URISyntaxException e) {
      throw new ConfigException(sentence(text, where, "it is no URI"), e);
    }
  }

  private static void requireScheme(URI uri, String text, String where) {
    String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    if (LATER_SCHEMES.contains(scheme)) {
      throw bad(text, where, scheme + " is not supported yet");
    }
    if (!scheme.equals(SCHEME)) {
      throw bad(text, where, "the scheme '" + scheme + "' is unknown");
    }
  }

  private static boolean hasPath(URI uri) {
    return uri.getPath() != null && !uri.getPath().isEmpty() && !uri.getPath().equals("/");
  }

  private static String unbracketed(String host) {
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }

  private static ListenerMode mode(URI uri, String text, String where) {
    ListenerMode mode = ListenerMode.STICKY;
    String query = Optional.ofNullable(uri.getQuery()).orElse("");
    for (String parameter : query.isEmpty() ? new String[0] : query.split("&", -1)) {
      String[] pair = parameter.split("=", 2);
      if (!pair[0].equals(MODE)) {
        throw bad(text, where, "the parameter '" + pair[0] + "' is unknown");
      }
      String word = pair.length == 2 ? pair[1] : "";
      mode =
          Arrays.stream(ListenerMode.values())
              .filter(each -> each.word().equals(word))
              .findFirst()
              .orElseThrow(() -> bad(text, where, "the mode '" + word + "' is unknown"));
    }
    return mode;
  }

  private static ConfigException bad(String text, String where, String what) {
    return new ConfigException(sentence(text, where, what));
  }

  private static String sentence(String text, String where, String what) {
    return where
        + " is '"
        + text
        + "', but "
        + what
        + ": write mqtt://HOST:PORT?mode=MODE, where MODE is "
        + ListenerMode.allWords();
  }
}
