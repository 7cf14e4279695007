package dev.limpet.cluster;

import dev.limpet.broker.BrokerOptions;
import dev.limpet.broker.connection.listener.ListenerGuards;
import dev.limpet.broker.spi.Authenticator;
import dev.limpet.broker.spi.Authorizer;
import dev.limpet.broker.spi.BrokerEvents;
import dev.limpet.broker.spi.EnhancedAuthenticator;
import dev.limpet.cluster.config.HandshakeLimits;
import dev.limpet.cluster.config.ListenerUri;
import dev.limpet.cluster.config.NetworkAddress;
import dev.limpet.cluster.config.NodeOptions;
import dev.limpet.cluster.member.MemberOptions;
import dev.limpet.store.StoreOptions;
import java.util.List;
import java.util.Map;

/**
 * All a node of the cluster is told. Immutable.
 *
 * @param name unique among the live nodes
 * @param listeners where clients come in; port 0 for any free one
 * @param cluster how it takes part
 * @param store bounds of what it keeps for durable sessions
 * @param broker bounds of connections
 * @param handshakes bounds of connections that are not with the broker yet
 * @param guards who may do what
 */
public record ClusteredBrokerOptions(
    String name,
    List<ListenerUri> listeners,
    ClusterOptions cluster,
    StoreOptions store,
    BrokerOptions broker,
    HandshakeLimits handshakes,
    Guards guards) {

  /**
   * Who decides and who is told. Immutable.
   *
   * @param events told of connections
   * @param listeners who decides at listeners that have access of their own, by its {@link
   *     dev.limpet.cluster.config.ListenerAccess#name}
   */
  public record Guards(
      Authenticator authenticator,
      EnhancedAuthenticator enhanced,
      Authorizer authorizer,
      BrokerEvents events,
      Map<String, ListenerGuards> listeners) {

    public Guards {
      listeners = Map.copyOf(listeners);
    }

    /** Without methods that take several messages. */
    public Guards(Authenticator authenticator, Authorizer authorizer, BrokerEvents events) {
      this(authenticator, EnhancedAuthenticator.NONE, authorizer, events, Map.of());
    }

    /** Everybody may do everything. */
    public static final Guards OPEN =
        new Guards(Authenticator.ANONYMOUS, Authorizer.ALLOW_ALL, BrokerEvents.NONE);
  }

  public ClusteredBrokerOptions {
    listeners = List.copyOf(listeners);
  }

  /** With the usual bounds of handshakes. */
  public ClusteredBrokerOptions(
      String name,
      List<ListenerUri> listeners,
      ClusterOptions cluster,
      StoreOptions store,
      BrokerOptions broker,
      Guards guards) {
    this(name, listeners, cluster, store, broker, HandshakeLimits.DEFAULTS, guards);
  }

  /** What an operator said, with everybody let in. */
  public static ClusteredBrokerOptions of(NodeOptions options) {
    MemberOptions defaults = MemberOptions.defaults();
    MemberOptions member =
        new MemberOptions(
            options.cluster().name(),
            options.bind(),
            options.cluster().port(),
            options.cluster().join().stream().map(NetworkAddress::toString).toList(),
            defaults.partitionCount(),
            defaults.heartbeatSeconds(),
            defaults.silenceSecondsMax(),
            defaults.leaveSecondsMax());
    return new ClusteredBrokerOptions(
        options.name(),
        options.listeners(),
        ClusterOptions.of(member).withPackets(options.broker().connection().packetBytesMax()),
        store(options.broker()),
        options.broker(),
        options.handshakes(),
        Guards.OPEN);
  }

  /** The same with guards. */
  public ClusteredBrokerOptions withGuards(Guards newGuards) {
    return new ClusteredBrokerOptions(
        name, listeners, cluster, store, broker, handshakes, newGuards);
  }

  /** The bounds of the store that the broker's own imply. */
  static StoreOptions store(BrokerOptions broker) {
    return StoreOptions.DEFAULT
        .withInbox(broker.inbox())
        .withNodeInboxes(broker.node().inboxMessagesMax(), broker.node().inboxBytesMax())
        .withRetained(broker.retainedMax(), broker.node().retainedBytesMax());
  }
}
