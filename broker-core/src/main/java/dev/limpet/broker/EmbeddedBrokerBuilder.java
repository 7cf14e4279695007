package dev.limpet.broker;

import dev.limpet.broker.connection.listener.ListenerOptions;
import dev.limpet.broker.events.EventLog;
import dev.limpet.broker.mqtt.NodeId;
import dev.limpet.broker.solo.HeapRetainedStore;
import dev.limpet.broker.solo.HeapSessionStore;
import dev.limpet.broker.solo.SoloCluster;
import dev.limpet.broker.spi.NodeGuards;
import dev.limpet.broker.spi.durable.InboxTally;
import dev.limpet.broker.spi.store.Stores;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;

/**
 * Configures an {@link EmbeddedBroker}. Confined to its caller's thread.
 *
 * <pre>{@code
 * EmbeddedBroker.builder()
 *     .authenticator(users)
 *     .listener(ListenerOptions.tcp("tls").withTls(certificates), 8883)
 *     .port(1883)
 *     .start();
 * }</pre>
 */
public final class EmbeddedBrokerBuilder extends BrokerBuilder<EmbeddedBrokerBuilder> {

  /** The name of the listener that {@link #port} makes. */
  static final String PLAIN = "mqtt";

  private final List<Door> listeners = new ArrayList<>();
  private String host = LOOPBACK;
  private MeterRegistry registry = new SimpleMeterRegistry();

  /** A listener and its port. Immutable. */
  record Door(ListenerOptions listener, int port) {}

  EmbeddedBrokerBuilder() {}

  @Override
  protected EmbeddedBrokerBuilder self() {
    return this;
  }

  /** Where all listeners listen, default 127.0.0.1; any other address needs an authenticator. */
  public EmbeddedBrokerBuilder host(String value) {
    host = value;
    return this;
  }

  /**
   * Adds a listener: TLS, WebSocket, PROXY header, limits, guards of its own.
   *
   * @param listener with a name of its own, for {@link EmbeddedBroker#port(String)}
   * @param port 1 to 65,535, or 0 for any free one
   * @throws IllegalArgumentException when another has the name
   */
  public EmbeddedBrokerBuilder listener(ListenerOptions listener, int port) {
    String name = listener.name();
    if (name.equals(PLAIN)
        || listeners.stream().anyMatch(each -> each.listener.name().equals(name))) {
      throw new IllegalArgumentException(
          "there is a listener \"%s\" already: choose another name".formatted(name));
    }
    listeners.add(new Door(listener, port));
    return this;
  }

  /** Receives all metrics, named {@code limpet.…}; by default a private registry does. */
  public EmbeddedBrokerBuilder registry(MeterRegistry value) {
    registry = value;
    return this;
  }

  /**
   * Starts the broker. Blocks.
   *
   * @throws IllegalStateException when it cannot listen, cannot use a certificate, or finds an
   *     older Netty on the class path; the message says what to change
   */
  public EmbeddedBroker start() {
    requireDecision(host);
    return EmbeddedBroker.start(this);
  }

  BrokerOptions bounds() {
    return options();
  }

  String boundHost() {
    return host;
  }

  MeterRegistry meters() {
    return registry;
  }

  /** All listeners, the plain one first. */
  List<Door> listeners() {
    List<Door> all = new ArrayList<>();
    Integer plain = port();
    if (plain != null || listeners.isEmpty()) {
      all.add(new Door(ListenerOptions.tcp(PLAIN), plain == null ? 0 : plain));
    }
    all.addAll(listeners);
    return all;
  }

  /** On this node's heap. */
  BrokerPorts ports(EventLog log) {
    BrokerOptions options = options();
    NodeId self = new NodeId("embedded", new SecureRandom().nextLong());
    SteadyClock clock = SteadyClock.ofSystem();
    HeapSessionStore sessions =
        new HeapSessionStore(
            options.inbox(),
            new InboxTally(options.node().inboxMessagesMax(), options.node().inboxBytesMax()),
            clock);
    HeapRetainedStore retained =
        new HeapRetainedStore(options.retainedMax(), options.node().retainedBytesMax(), clock);
    return BrokerPorts.ofProcess(
            new SoloCluster(self, clock),
            new Stores(sessions, retained),
            new NodeGuards(authenticator(), enhanced(), authorizer()),
            events(),
            new BrokerPorts.Log(log, registry))
        .withClock(clock);
  }
}
