package dev.limpet.cluster;

import dev.limpet.broker.BrokerBuilder;
import dev.limpet.broker.connection.listener.ListenerGuards;
import dev.limpet.cluster.audit.AuditPace;
import dev.limpet.cluster.config.HandshakeLimits;
import dev.limpet.cluster.config.ListenerMode;
import dev.limpet.cluster.config.ListenerUri;
import dev.limpet.cluster.member.MemberOptions;
import dev.limpet.cluster.peer.PeerOptions;
import dev.limpet.cluster.view.SplitMode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.function.LongSupplier;

/**
 * Configures the nodes of an {@link EmbeddedCluster}, all alike. Confined to its caller's thread.
 *
 * <pre>{@code
 * EmbeddedCluster.builder()
 *     .authenticator(users)
 *     .listener("mqtts://127.0.0.1:8883?mode=sticky&cert=node.pem&key=node.key")
 *     .port(1883)
 *     .start(3);
 * }</pre>
 */
public final class EmbeddedClusterBuilder extends BrokerBuilder<EmbeddedClusterBuilder> {

  private final List<ListenerUri> listeners = new ArrayList<>();
  private final Map<String, ListenerGuards> guards = new HashMap<>();
  private IntFunction<LongSupplier> wallClocks = index -> System::currentTimeMillis;
  private AuditPace audit = AuditPace.DEFAULT;
  private HandshakeLimits handshakes = HandshakeLimits.DEFAULTS;

  EmbeddedClusterBuilder() {}

  @Override
  protected EmbeddedClusterBuilder self() {
    return this;
  }

  /**
   * Adds a listener, written as for a node: {@code mqtt}, {@code mqtts}, {@code ws} or {@code wss},
   * an address and parameters. The first node uses its port, the next nodes the next ports; port 0
   * is any free one at each. Hosts beyond loopback need an authenticator.
   *
   * @throws dev.limpet.cluster.config.ConfigException naming the allowed values
   */
  public EmbeddedClusterBuilder listener(String uri) {
    listeners.add(ListenerUri.parse(uri, "listener"));
    return this;
  }

  /**
   * Who decides about clients of listeners with access of their own.
   *
   * @param value with the name that {@link dev.limpet.cluster.config.ListenerAccess#name} gives
   */
  public EmbeddedClusterBuilder guards(ListenerGuards value) {
    String name = value.name();
    if (name == null) {
      throw new IllegalArgumentException("guards of a listener need its access' name");
    }
    guards.put(name, value);
    return this;
  }

  /** Bounds of sockets without a whole CONNECT. */
  public EmbeddedClusterBuilder handshakes(HandshakeLimits value) {
    handshakes = value;
    return this;
  }

  /** How quickly nodes compare what they know. */
  EmbeddedClusterBuilder audit(AuditPace value) {
    audit = value;
    return this;
  }

  /**
   * Which clocks the nodes' machines have, in epoch milliseconds.
   *
   * @param value gives a node's by its index, from 0
   */
  EmbeddedClusterBuilder wallClocks(IntFunction<LongSupplier> value) {
    wallClocks = value;
    return this;
  }

  /**
   * Starts nodes named {@code node-0}, {@code node-1} and so on, and waits until they have settled.
   * Blocks.
   *
   * @param nodes at least 1
   * @throws IllegalStateException when one does not start; the message says why
   */
  public EmbeddedCluster start(int nodes) {
    listeners.forEach(each -> requireDecision(each.host()));
    return EmbeddedCluster.start(nodes, this);
  }

  /** Returns the options of the node with this index, from 0. */
  ClusteredBrokerOptions node(int index, MemberOptions member) {
    int packetBytesMax = options().connection().packetBytesMax();
    return ClusteredBrokerOptions.builder(
            "node-" + index,
            new ClusterOptions(
                    member,
                    PeerOptions.defaults(),
                    audit,
                    SplitMode.CONSISTENT,
                    false,
                    wallClocks.apply(index))
                .withPackets(packetBytesMax))
        .listeners(listenersOf(index))
        .broker(options())
        .handshakes(handshakes)
        .guards(
            new ClusteredBrokerOptions.Guards(
                authenticator(), enhanced(), authorizer(), events(), guards))
        .build();
  }

  /** By default, a plain sticky and a direct listener. */
  private List<ListenerUri> listenersOf(int index) {
    List<ListenerUri> all = new ArrayList<>();
    Integer plain = port();
    if (plain != null || listeners.isEmpty()) {
      all.add(new ListenerUri(LOOPBACK, plain == null ? 0 : plain, ListenerMode.STICKY));
      all.add(new ListenerUri(LOOPBACK, 0, ListenerMode.DIRECT));
    }
    all.addAll(listeners);
    return all.stream()
        .map(each -> each.port() == 0 ? each : each.at(each.port() + index))
        .toList();
  }
}
