package dev.limpet.broker;

import static org.awaitility.Awaitility.await;

import dev.limpet.broker.events.EventLog;
import dev.limpet.broker.memory.MemoryGauge;
import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.mqtt.NodeId;
import dev.limpet.broker.solo.HeapRetainedStore;
import dev.limpet.broker.solo.HeapSessionStore;
import dev.limpet.broker.solo.SoloCluster;
import dev.limpet.broker.spi.Authenticator;
import dev.limpet.broker.spi.Authorizer;
import dev.limpet.broker.spi.BrokerEvents;
import dev.limpet.broker.spi.EnhancedAuthenticator;
import dev.limpet.broker.spi.ManualClock;
import dev.limpet.broker.spi.NodeGuards;
import dev.limpet.broker.spi.Samples;
import dev.limpet.broker.spi.cluster.Cluster;
import dev.limpet.broker.spi.durable.InboxTally;
import dev.limpet.broker.spi.store.RetainedStore;
import dev.limpet.broker.spi.store.SessionStore;
import dev.limpet.broker.spi.store.Stores;
import dev.limpet.broker.wire.ConnectSpec;
import dev.limpet.broker.wire.RawClient;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.time.Duration;
import java.util.function.UnaryOperator;

/** One broker on its own event loops, whose ports a test may replace. Confined to its test. */
public final class TestBroker implements AutoCloseable {
  private static final NodeId SELF = new NodeId("test", 42);
  private static final int LANES = 3;

  public final ManualClock clock = new ManualClock();
  public final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final Vertx vertx =
      Vertx.vertx(new VertxOptions().setEventLoopPoolSize(LANES).setPreferNativeTransport(true));
  private final Cluster cluster;
  private final SessionStore sessions;
  private final Broker broker;
  private final int port;

  /** What a test may replace; the rest is a broker on the heap. Confined to its test. */
  public static final class Setup {
    private BrokerOptions options = BrokerOptions.DEFAULTS;
    private Authenticator authenticator = Authenticator.ANONYMOUS;
    private Authorizer authorizer = Authorizer.ALLOW_ALL;
    private EnhancedAuthenticator enhanced = EnhancedAuthenticator.NONE;
    private BrokerEvents events = BrokerEvents.NONE;
    private MemoryGauge memory = queuedBytes -> queuedBytes;
    private UnaryOperator<SessionStore> sessions = store -> store;
    private UnaryOperator<RetainedStore> retained = store -> store;
    private UnaryOperator<Cluster> cluster = solo -> solo;

    public Setup options(BrokerOptions value) {
      options = value;
      return this;
    }

    public Setup authenticator(Authenticator value) {
      authenticator = value;
      return this;
    }

    public Setup enhanced(EnhancedAuthenticator value) {
      enhanced = value;
      return this;
    }

    public Setup authorizer(Authorizer value) {
      authorizer = value;
      return this;
    }

    public Setup events(BrokerEvents value) {
      events = value;
      return this;
    }

    public Setup memory(MemoryGauge value) {
      memory = value;
      return this;
    }

    public Setup sessions(UnaryOperator<SessionStore> around) {
      sessions = around;
      return this;
    }

    public Setup retained(UnaryOperator<RetainedStore> around) {
      retained = around;
      return this;
    }

    public Setup cluster(UnaryOperator<Cluster> around) {
      cluster = around;
      return this;
    }

    public TestBroker start() {
      return new TestBroker(this);
    }
  }

  private TestBroker(Setup setup) {
    cluster = setup.cluster.apply(new SoloCluster(SELF, clock));
    sessions =
        setup.sessions.apply(
            new HeapSessionStore(
                setup.options.inbox(),
                new InboxTally(
                    setup.options.node().inboxMessagesMax(), setup.options.node().inboxBytesMax()),
                clock));
    broker =
        new Broker(
            vertx,
            setup.options,
            new BrokerPorts(
                cluster,
                new Stores(
                    sessions,
                    setup.retained.apply(
                        new HeapRetainedStore(
                            setup.options.retainedMax(),
                            setup.options.node().retainedBytesMax(),
                            clock))),
                new NodeGuards(setup.authenticator, setup.enhanced, setup.authorizer),
                setup.events,
                new EventLog(),
                setup.memory,
                registry,
                clock));
    Samples.await(broker.start());
    port = Samples.await(broker.listen("127.0.0.1", 0).toCompletionStage());
  }

  public static TestBroker start() {
    return new Setup().start();
  }

  public int port() {
    return port;
  }

  public Broker broker() {
    return broker;
  }

  public RawClient connect(ConnectSpec spec) {
    return RawClient.connect(port, spec);
  }

  public double gauge(String name) {
    return registry.get(name).gauge().value();
  }

  public double count(String name, String... tags) {
    return registry.get(name).tags(tags).counter().count();
  }

  /** Whether the directory knows a client id. */
  public boolean isKnown(String clientId) {
    return Samples.await(cluster.directory().find(ClientId.of(clientId))).isPresent();
  }

  /** How many deliveries the session of a client id has not acknowledged. */
  public int inboxDepth(String clientId) {
    return Samples.await(sessions.describe(ClientId.of(clientId))).orElseThrow().inboxDepth();
  }

  public SessionStore sessions() {
    return sessions;
  }

  /** Waits until the broker has noticed that a client is gone. */
  public void awaitConnections(int count) {
    await()
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(5))
        .until(() -> broker.connectionCount() == count);
  }

  /** Says goodbye for a durable session, and waits until its home counts it as away. */
  public void leave(RawClient client) {
    double before = gauge("limpet.sessions.expiring");
    client.disconnect();
    await().until(() -> gauge("limpet.sessions.expiring") == before + 1);
  }

  @Override
  public void close() {
    Samples.await(broker.stop());
    Samples.await(vertx.close().toCompletionStage());
  }
}
