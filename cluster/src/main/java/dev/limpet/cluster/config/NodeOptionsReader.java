package dev.limpet.cluster.config;

import static dev.limpet.cluster.config.OptionKey.ACL_FILE;
import static dev.limpet.cluster.config.OptionKey.ACL_SUBSCRIBE;
import static dev.limpet.cluster.config.OptionKey.ALLOW_ANONYMOUS;
import static dev.limpet.cluster.config.OptionKey.BIND;
import static dev.limpet.cluster.config.OptionKey.CLUSTER;
import static dev.limpet.cluster.config.OptionKey.CLUSTER_NAME;
import static dev.limpet.cluster.config.OptionKey.DATA;
import static dev.limpet.cluster.config.OptionKey.DETECTION_MILLIS;
import static dev.limpet.cluster.config.OptionKey.DIRECT;
import static dev.limpet.cluster.config.OptionKey.HANDSHAKES_MAX;
import static dev.limpet.cluster.config.OptionKey.HANDSHAKES_PER_ADDRESS_MAX;
import static dev.limpet.cluster.config.OptionKey.HANDSHAKE_BYTES_MAX;
import static dev.limpet.cluster.config.OptionKey.HTTP;
import static dev.limpet.cluster.config.OptionKey.JOIN;
import static dev.limpet.cluster.config.OptionKey.LANES;
import static dev.limpet.cluster.config.OptionKey.LISTENER;
import static dev.limpet.cluster.config.OptionKey.LOG_LEVEL;
import static dev.limpet.cluster.config.OptionKey.MQTT;
import static dev.limpet.cluster.config.OptionKey.NAME;
import static dev.limpet.cluster.config.OptionKey.PASSWORD_FILE;
import static dev.limpet.cluster.config.OptionKey.SPLIT;
import static dev.limpet.cluster.config.OptionKey.WITNESS;

import dev.limpet.broker.BrokerVertx;
import dev.limpet.broker.access.AccessFile;
import dev.limpet.cluster.view.SplitMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Parses text into {@link NodeOptions} and checks them. Confined to its caller. */
final class NodeOptionsReader {

  /** Where MQTT has always been. */
  private static final int MQTT_PORT = 1883;

  /** More threads than any machine has cores for would only get in each other's way. */
  private static final int LANES_MAX = 1_024;

  /** Names that fit a log line, a URL and a metric's label. */
  private static final String NAME_PATTERN = "[A-Za-z0-9][A-Za-z0-9._-]{0,63}";

  /** A garbage collection or a noisy neighbour takes a second or two. */
  private static final int DETECTION_MILLIS_MIN = 3_000;

  private static final int DETECTION_MILLIS_MAX = 60_000;

  private static final List<String> LOG_LEVELS = List.of("error", "warn", "info", "debug", "trace");

  private final Settings settings;

  NodeOptionsReader(Settings settings) {
    this.settings = settings;
  }

  NodeOptions read() {
    String bind = settings.text(BIND).orElseThrow();
    boolean allowAnonymous = settings.flag(ALLOW_ANONYMOUS);
    List<ListenerUri> listeners = listeners(bind);
    int httpPort = settings.count(HTTP, 0, NetworkAddress.PORT_MAX);
    NodeOptions.ClusterOptions cluster = cluster();
    checkPorts(bind, listeners, httpPort, cluster.port());
    NodeOptions.AccessOptions access =
        new NodeOptions.AccessOptions(
            allowAnonymous, file(PASSWORD_FILE), file(ACL_FILE), subscriptions());
    if (!allowAnonymous && access.passwords().isEmpty()) {
      checkLoopback(bind, listeners);
    }
    listeners.forEach(listener -> checkAccess(listener, access));
    return new NodeOptions(
        name(NAME, settings.text(NAME).orElseGet(HostName::ofThisMachine)),
        bind,
        listeners,
        httpPort,
        cluster,
        access,
        new NodeOptions.LogOptions(dataDir(), logLevel()),
        new NodeOptions.Serving(lanes(), handshakes(), BrokerLimits.read(settings)));
  }

  private String name(OptionKey key, String name) {
    if (!name.matches(NAME_PATTERN)) {
      throw new ConfigException(
          settings.where(key)
              + " is '"
              + name
              + "': write 1 to 64 letters, digits, dots, dashes or underscores");
    }
    return name;
  }

  private List<ListenerUri> listeners(String bind) {
    List<ListenerUri> listeners = new ArrayList<>();
    port(MQTT).ifPresent(port -> listeners.add(new ListenerUri(bind, port, ListenerMode.STICKY)));
    port(DIRECT).ifPresent(port -> listeners.add(new ListenerUri(bind, port, ListenerMode.DIRECT)));
    for (String uri : settings.list(LISTENER)) {
      listeners.add(ListenerUri.parse(uri, settings.where(LISTENER)));
    }
    if (settings.flag(WITNESS)) {
      requireNone(listeners);
    } else if (!settings.has(MQTT) && settings.list(LISTENER).isEmpty()) {
      listeners.add(0, new ListenerUri(bind, MQTT_PORT, ListenerMode.STICKY));
    }
    return listeners;
  }

  private void requireNone(List<ListenerUri> listeners) {
    if (!listeners.isEmpty()) {
      throw new ConfigException(
          settings.where(WITNESS)
              + " is true, and a witness serves no clients: remove "
              + String.join(", ", MQTT.flag(), DIRECT.flag(), LISTENER.flag()));
    }
  }

  private Optional<Integer> port(OptionKey key) {
    return settings.number(key, 0, NetworkAddress.PORT_MAX).map(Math::toIntExact);
  }

  private NodeOptions.ClusterOptions cluster() {
    return new NodeOptions.ClusterOptions(
        name(CLUSTER_NAME, settings.text(CLUSTER_NAME).orElseThrow()),
        settings.count(CLUSTER, 1, NetworkAddress.PORT_MAX),
        settings.list(JOIN).stream()
            .map(peer -> NetworkAddress.parse(peer, settings.where(JOIN)))
            .toList(),
        split(),
        detectionMillis(),
        settings.flag(WITNESS));
  }

  private SplitMode split() {
    String word = settings.text(SPLIT).orElseThrow();
    return switch (word) {
      case "consistent" -> SplitMode.CONSISTENT;
      case "available" -> SplitMode.AVAILABLE;
      default ->
          throw new ConfigException(
              settings.where(SPLIT) + " is '" + word + "': write consistent or available");
    };
  }

  private int detectionMillis() {
    int millis = settings.count(DETECTION_MILLIS, DETECTION_MILLIS_MIN, DETECTION_MILLIS_MAX);
    if (millis % 1_000 != 0) {
      throw new ConfigException(
          settings.where(DETECTION_MILLIS) + " is " + millis + ": write whole seconds, like 5000");
    }
    return millis;
  }

  private AccessFile.Subscriptions subscriptions() {
    String word = settings.text(ACL_SUBSCRIBE).orElseThrow();
    return switch (word) {
      case "filtered" -> AccessFile.Subscriptions.FILTERED;
      case "covered" -> AccessFile.Subscriptions.COVERED;
      default ->
          throw new ConfigException(
              settings.where(ACL_SUBSCRIBE) + " is '" + word + "': write filtered or covered");
    };
  }

  private int lanes() {
    return settings
        .number(LANES, 1, LANES_MAX)
        .map(Math::toIntExact)
        .orElseGet(BrokerVertx::lanesByDefault);
  }

  private HandshakeLimits handshakes() {
    int max = settings.count(HANDSHAKES_MAX, 1, Integer.MAX_VALUE);
    return new HandshakeLimits(
        max,
        settings.share(HANDSHAKES_PER_ADDRESS_MAX, max),
        settings.number(HANDSHAKE_BYTES_MAX, 1, Long.MAX_VALUE).orElseThrow());
  }

  private String logLevel() {
    String level = settings.text(LOG_LEVEL).orElseThrow().toLowerCase(Locale.ROOT);
    if (!LOG_LEVELS.contains(level)) {
      throw new ConfigException(
          settings.where(LOG_LEVEL)
              + " is '"
              + level
              + "': write one of "
              + String.join(", ", LOG_LEVELS));
    }
    return level;
  }

  private void checkPorts(String bind, List<ListenerUri> listeners, int httpPort, int clusterPort) {
    Map<NetworkAddress, String> users = new HashMap<>();
    users.put(new NetworkAddress(bind, clusterPort), settings.where(CLUSTER));
    requireFree(users, new NetworkAddress(bind, httpPort), settings.where(HTTP));
    for (ListenerUri listener : listeners) {
      requireFree(users, listener.address(), "listener " + listener);
    }
  }

  private static void requireFree(
      Map<NetworkAddress, String> users, NetworkAddress address, String user) {
    String other = address.port() == 0 ? null : users.putIfAbsent(address, user);
    if (other != null) {
      throw new ConfigException(
          user + " and " + other + " both use " + address + ": change one of the ports");
    }
  }

  private void checkLoopback(String bind, List<ListenerUri> listeners) {
    requireLoopback(
        new NetworkAddress(bind, 0), settings.where(BIND) + " is '" + bind + "', which");
    for (ListenerUri listener : listeners) {
      ListenerAccess access = listener.terms().access();
      boolean lets = access.passwords().isEmpty() && access.anonymous().isEmpty();
      if (lets && listener.terms().clientCa().isEmpty()) {
        requireLoopback(listener.address(), "listener " + listener);
      }
    }
  }

  /** Rejects a listener that has no authenticator and admits no anonymous clients. */
  private static void checkAccess(ListenerUri listener, NodeOptions.AccessOptions node) {
    ListenerAccess access = listener.terms().access();
    boolean refusesUnknown = access.anonymous().isPresent() && !access.anonymous().get();
    if (refusesUnknown
        && access.passwords().isEmpty()
        && node.passwords().isEmpty()
        && listener.terms().clientCa().isEmpty()) {
      throw new ConfigException(
          "listener "
              + listener
              + " admits nobody: add password-file=FILE to it or "
              + PASSWORD_FILE.flag()
              + " to the node");
    }
  }

  private static void requireLoopback(NetworkAddress address, String what) {
    if (!address.isLoopback()) {
      throw new ConfigException(
          what
              + " is reachable from other machines, but no authentication is set: stay on"
              + " 127.0.0.1, or add "
              + PASSWORD_FILE.flag()
              + " with users, or add "
              + ALLOW_ANONYMOUS.flag()
              + " to admit everybody");
    }
  }

  private Optional<Path> file(OptionKey key) {
    try {
      return settings.text(key).map(Path::of);
    } catch (InvalidPathException e) {
      throw new ConfigException(settings.where(key) + " is not a file name: " + e.getMessage(), e);
    }
  }

  private Optional<Path> dataDir() {
    return settings.text(DATA).map(this::writableDir);
  }

  private Path writableDir(String text) {
    Path dir = file(DATA).orElseThrow();
    try {
      Files.createDirectories(dir);
      if (Files.isWritable(dir)) {
        return dir;
      }
    } catch (IOException e) {
      throw new UnwritableException(unwritable(text), e);
    }
    throw new UnwritableException(unwritable(text));
  }

  private String unwritable(String dir) {
    return settings.where(DATA)
        + " is '"
        + dir
        + "', which this process cannot create or write: give a directory it may write";
  }
}
