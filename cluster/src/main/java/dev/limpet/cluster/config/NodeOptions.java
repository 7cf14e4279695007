package dev.limpet.cluster.config;

import dev.limpet.broker.BrokerOptions;
import dev.limpet.broker.access.AccessFile;
import dev.limpet.cluster.view.SplitMode;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Holds all settings of a node. Immutable. {@link OptionKey} has the default, unit and reason of
 * each.
 *
 * @param name unique among the live nodes of the cluster; shown to operators
 * @param bind address of every port but the listeners', which have their own; a wildcard or a
 *     literal or a name of this machine
 * @param listeners where MQTT clients come in; at least one, but none of a witness
 * @param httpPort 0 picks a free one
 * @param cluster how the node finds its peers
 * @param access which clients are admitted and what they may do
 * @param log how the node logs
 * @param serving how the node serves its clients
 */
public record NodeOptions(
    String name,
    String bind,
    List<ListenerUri> listeners,
    int httpPort,
    ClusterOptions cluster,
    AccessOptions access,
    LogOptions log,
    Serving serving) {

  public NodeOptions {
    listeners = List.copyOf(listeners);
  }

  /**
   * Configures which clients are admitted and what they may do. Immutable.
   *
   * @param allowAnonymous whether anonymous clients are admitted on any address
   * @param passwords empty to require no password
   * @param rules empty to allow everything
   * @param subscriptions how rules, including those of listeners, apply to a subscription
   */
  public record AccessOptions(
      boolean allowAnonymous,
      Optional<Path> passwords,
      Optional<Path> rules,
      AccessFile.Subscriptions subscriptions) {}

  /**
   * Configures the node's log. Immutable.
   *
   * @param dataDir for the log file; empty to write none
   * @param level error, warn, info, debug or trace
   */
  public record LogOptions(Optional<Path> dataDir, String level) {}

  /**
   * Configures how a node serves its clients. Immutable.
   *
   * @param lanes event loops that serve the clients; at least 1
   * @param handshakes limits of connections that are not with the broker yet
   * @param broker limits of connections, sessions and inboxes
   */
  public record Serving(int lanes, HandshakeLimits handshakes, BrokerOptions broker) {}

  /**
   * How a node finds its peers. Immutable.
   *
   * @param name nodes of another cluster are refused
   * @param port of Hazelcast; fixed, because the peers have to know it beforehand
   * @param join cluster ports of the peers; empty for a cluster of one's own
   * @param split what the node does when it is cut off from the majority
   * @param detectionMillis after so much silence a node counts as gone; whole seconds
   * @param witness whether the node only votes, and holds no data
   */
  public record ClusterOptions(
      String name,
      int port,
      List<NetworkAddress> join,
      SplitMode split,
      int detectionMillis,
      boolean witness) {

    public ClusterOptions {
      join = List.copyOf(join);
    }
  }

  /**
   * Reads and checks the settings.
   *
   * @throws ConfigException when something cannot be used
   */
  public static NodeOptions of(Settings settings) {
    return new NodeOptionsReader(settings).read();
  }

  /** The options of a node without settings. */
  public static NodeOptions defaults() {
    return of(Settings.merge(List.of()));
  }
}
