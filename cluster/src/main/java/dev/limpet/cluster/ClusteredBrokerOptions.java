package dev.limpet.cluster;

import dev.limpet.broker.BrokerOptions;
import dev.limpet.broker.NodeLimits;
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
import dev.limpet.store.retained.RetainedOptions;
import java.util.List;
import java.util.Map;

/**
 * Holds all settings of a node of the cluster. Immutable.
 *
 * @param name unique among the live nodes
 * @param listeners where clients come in; port 0 for any free one
 * @param cluster how it takes part
 * @param store bounds of the store of durable sessions
 * @param broker bounds of connections
 * @param handshakes bounds of connections that are not with the broker yet
 * @param guards which clients may do what
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
   * Groups the guards and the listener to events. Immutable.
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

  /** Returns the operator's options, with all clients admitted. */
  public static ClusteredBrokerOptions of(NodeOptions options) {
    NodeOptions.Serving serving = options.serving();
    MemberOptions member =
        MemberOptions.builder()
            .clusterName(options.cluster().name())
            .bindHost(options.bind())
            .port(options.cluster().port())
            .join(options.cluster().join().stream().map(NetworkAddress::toString).toList())
            .silenceSecondsMax(options.cluster().detectionMillis() / 1_000)
            .build();
    ClusterOptions cluster =
        ClusterOptions.of(member)
            .withPackets(serving.broker().connection().packetBytesMax())
            .withSplit(options.cluster().split())
            .withWitness(options.cluster().witness());
    return builder(options.name(), cluster)
        .listeners(options.listeners())
        .broker(serving.broker())
        .handshakes(serving.handshakes())
        .build();
  }

  /** The bounds of the store that the broker's own imply. */
  private static StoreOptions store(BrokerOptions broker) {
    NodeLimits node = broker.node();
    return StoreOptions.builder()
        .inbox(broker.inbox())
        .nodeInboxMessagesMax(node.inboxMessagesMax())
        .nodeInboxBytesMax(node.inboxBytesMax())
        .retained(
            RetainedOptions.builder()
                .topicsMax(broker.retainedMax())
                .bytesMax(node.retainedBytesMax())
                .build())
        .build();
  }

  /**
   * Returns a builder of a node that admits all clients, with the usual bounds and no listener yet.
   */
  public static Builder builder(String name, ClusterOptions cluster) {
    BrokerOptions broker = BrokerOptions.DEFAULTS;
    return new Builder(
        new ClusteredBrokerOptions(
            name,
            List.of(),
            cluster,
            store(broker),
            broker,
            HandshakeLimits.DEFAULTS,
            Guards.OPEN));
  }

  /** A builder that starts from these values. */
  public Builder toBuilder() {
    return new Builder(this);
  }

  /** Collects changes to the values it starts from. Confined to its caller. */
  public static final class Builder {
    private final String name;
    private final ClusterOptions cluster;
    private List<ListenerUri> listeners;
    private StoreOptions store;
    private BrokerOptions broker;
    private HandshakeLimits handshakes;
    private Guards guards;

    private Builder(ClusteredBrokerOptions from) {
      name = from.name;
      cluster = from.cluster;
      listeners = from.listeners;
      store = from.store;
      broker = from.broker;
      handshakes = from.handshakes;
      guards = from.guards;
    }

    public Builder listeners(List<ListenerUri> value) {
      listeners = value;
      return this;
    }

    /** Also the bounds of the store, as they follow from these. */
    public Builder broker(BrokerOptions value) {
      broker = value;
      store = ClusteredBrokerOptions.store(value);
      return this;
    }

    public Builder handshakes(HandshakeLimits value) {
      handshakes = value;
      return this;
    }

    public Builder guards(Guards value) {
      guards = value;
      return this;
    }

    public ClusteredBrokerOptions build() {
      return new ClusteredBrokerOptions(
          name, listeners, cluster, store, broker, handshakes, guards);
    }
  }
}
