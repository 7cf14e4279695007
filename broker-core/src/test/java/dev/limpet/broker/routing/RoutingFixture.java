package dev.limpet.broker.routing;

import dev.limpet.broker.delivery.Drops;
import dev.limpet.broker.delivery.DurableSubscriptions;
import dev.limpet.broker.delivery.FakeRoutes;
import dev.limpet.broker.delivery.HeldBack;
import dev.limpet.broker.delivery.LocalDelivery;
import dev.limpet.broker.delivery.LocalSubscriptions;
import dev.limpet.broker.delivery.RouteUsers;
import dev.limpet.broker.delivery.Subscriber;
import dev.limpet.broker.delivery.Subscriptions;
import dev.limpet.broker.events.EventLog;
import dev.limpet.broker.io.EmbeddedLane;
import dev.limpet.broker.io.Lane;
import dev.limpet.broker.metrics.BrokerMetrics;
import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.mqtt.Delivery;
import dev.limpet.broker.mqtt.NodeId;
import dev.limpet.broker.mqtt.Publication;
import dev.limpet.broker.mqtt.PublicationId;
import dev.limpet.broker.mqtt.PublicationProperties;
import dev.limpet.broker.mqtt.Qos;
import dev.limpet.broker.mqtt.Subscription;
import dev.limpet.broker.routing.ports.PublicationIds;
import dev.limpet.broker.routing.ports.RoutingPorts;
import dev.limpet.broker.routing.share.ShareStrategy;
import dev.limpet.broker.session.SendQueue;
import dev.limpet.broker.solo.HeapRetainedStore;
import dev.limpet.broker.solo.HeapSessionDirectory;
import dev.limpet.broker.solo.HeapSessionStore;
import dev.limpet.broker.spi.Claim;
import dev.limpet.broker.spi.ManualClock;
import dev.limpet.broker.spi.Samples;
import dev.limpet.broker.spi.cluster.Cluster;
import dev.limpet.broker.spi.cluster.ClusterListener;
import dev.limpet.broker.spi.cluster.Membership;
import dev.limpet.broker.spi.cluster.PeerLink;
import dev.limpet.broker.spi.cluster.Route;
import dev.limpet.broker.spi.cluster.RouteKind;
import dev.limpet.broker.spi.cluster.RouteTable;
import dev.limpet.broker.spi.cluster.SessionDirectory;
import dev.limpet.broker.spi.durable.InboxLimits;
import dev.limpet.broker.spi.store.Stores;
import dev.limpet.broker.spi.store.SubscriptionChange;
import dev.limpet.broker.topic.SharedFilter;
import dev.limpet.broker.topic.TopicFilter;
import dev.limpet.broker.topic.TopicName;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** The routing of one node on one lane, with peers a test plays. */
abstract class RoutingFixture {
  static final NodeId SELF = new NodeId("self", 1);
  static final NodeId B = new NodeId("b", 2);
  static final NodeId C = new NodeId("c", 3);

  final ManualClock clock = new ManualClock();
  final EmbeddedLane embedded = new EmbeddedLane();
  final FakePeers peers = new FakePeers();
  final FakeRoutes table = new FakeRoutes();
  boolean serving = true;
  boolean confirmed = true;
  boolean moving;
  final Set<NodeId> live = new HashSet<>(Set.of(SELF, B, C));
  final HeapSessionStore sessions = new HeapSessionStore(InboxLimits.DEFAULT, clock);
  final HeapRetainedStore retained = new HeapRetainedStore(100, 1 << 20, clock);
  final HeapSessionDirectory directory = new HeapSessionDirectory(SELF, clock);
  final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  final RouteUsers users = new RouteUsers(table);
  final LocalSubscriptions local = new LocalSubscriptions(users);
  final DurableSubscriptions durable = new DurableSubscriptions(users);

  /** Of all clients. */
  NodeId home = SELF;

  final RoutingPorts ports = ports();
  final Router router = new Router(ports, strategy());

  private RoutingPorts ports() {
    table.answersAtOnce = true;
    BrokerMetrics metrics = new BrokerMetrics(registry);
    return new RoutingPorts(
        new FakeCluster(),
        new Stores(sessions, retained),
        embedded.lanes(),
        new Subscriptions(local, durable),
        new LocalDelivery(new Drops(metrics, new EventLog())),
        new PublicationIds(SELF),
        metrics,
        clock);
  }

  ShareStrategy strategy() {
    return ShareStrategy.ROUND_ROBIN;
  }

  Lane lane() {
    return embedded.lane();
  }

  /** Routes as the publisher's lane does, and has the lane run. */
  CompletableFuture<Void> route(String topic, String payload, Qos qos) {
    CompletableFuture<Void> safe = router.route(lane(), publication(topic, payload, qos)).safe();
    embedded.run();
    return safe;
  }

  Publication publication(String topic, String payload, Qos qos) {
    return new Publication(
        ports.ids().next(),
        ClientId.of("publisher"),
        TopicName.of(topic),
        Buffer.buffer(payload),
        qos,
        false,
        Publication.NEVER,
        PublicationProperties.NONE);
  }

  /** A retained publication of one topic whose payload counts. */
  static Publication retained(PublicationId id, String number, Qos qos) {
    return new Publication(
        id,
        ClientId.of("counter"),
        TopicName.of("t/x"),
        Buffer.buffer(number),
        qos,
        true,
        Publication.NEVER,
        PublicationProperties.NONE);
  }

  static Route route(NodeId node, String filter, RouteKind kind) {
    return new Route(node, SharedFilter.parse(filter), kind);
  }

  /** A durable session at home here that is not connected. */
  ClientId durableSession(String id, String filter, Qos qos) {
    ClientId clientId = ClientId.of(id);
    Claim claim = new Claim(clientId, SELF, 1);
    Samples.await(sessions.open(claim, false, 3_600));
    Samples.await(
        sessions.subscribe(
            claim, new SubscriptionChange(List.of(Samples.subscription(filter, qos)), List.of())));
    durable.refresh(Samples.await(sessions.describe(List.of(clientId))).get(0));
    return clientId;
  }

  /** Payloads in an inbox. */
  List<String> inbox(ClientId clientId) {
    Claim claim = new Claim(clientId, SELF, 1);
    return Samples.await(sessions.read(claim, 0, 1_000, 1 << 20)).entries().stream()
        .map(entry -> entry.delivery().publication().payload().toString())
        .toList();
  }

  FakeSubscriber subscriber(String id, boolean isDurable, Subscription... subscriptions) {
    FakeSubscriber subscriber = new FakeSubscriber(ClientId.of(id), lane(), isDurable);
    for (Subscription subscription : subscriptions) {
      local.add(subscriber, subscription);
    }
    return subscriber;
  }

  /** A connected session that notes "payload qos". */
  static final class FakeSubscriber implements Subscriber {
    final List<String> got = new ArrayList<>();
    boolean isFull;
    private final HeldBack heldBack = new HeldBack(new SendQueue(1_000, 1 << 20));
    private final ClientId clientId;
    private final Lane lane;
    private final boolean isDurable;

    FakeSubscriber(ClientId clientId, Lane lane, boolean isDurable) {
      this.clientId = clientId;
      this.lane = lane;
      this.isDurable = isDurable;
    }

    @Override
    public Lane lane() {
      return lane;
    }

    @Override
    public ClientId clientId() {
      return clientId;
    }

    @Override
    public boolean isDurable() {
      return isDurable;
    }

    @Override
    public boolean deliver(Delivery delivery) {
      return heldBack.covers(delivery.publication().topic())
          ? heldBack.offer(delivery)
          : take(delivery);
    }

    @Override
    public boolean replay(Delivery delivery) {
      return take(delivery);
    }

    private boolean take(Delivery delivery) {
      if (isFull) {
        return false;
      }
      got.add(delivery.publication().payload() + " " + delivery.qos().level());
      return true;
    }

    @Override
    public HeldBack.Hold holdBack(TopicFilter filter) {
      return heldBack.begin(filter);
    }

    @Override
    public void goOn(HeldBack.Hold hold, Consumer<Delivery> refused) {
      heldBack.end(hold, this::take);
    }
  }

  private final class FakeCluster implements Cluster {
    @Override
    public Membership membership() {
      return new Membership() {
        @Override
        public boolean isServing() {
          return serving;
        }

        @Override
        public boolean areHomesMoving() {
          return moving;
        }

        @Override
        public boolean isConfirmed() {
          return confirmed;
        }

        @Override
        public NodeId self() {
          return SELF;
        }

        @Override
        public Set<NodeId> nodes() {
          return live;
        }

        @Override
        public boolean isLive(NodeId node) {
          return live.contains(node);
        }

        @Override
        public NodeId homeOf(ClientId clientId) {
          return home;
        }
      };
    }

    @Override
    public RouteTable routes() {
      return table;
    }

    @Override
    public SessionDirectory directory() {
      return directory;
    }

    @Override
    public PeerLink peers() {
      return peers;
    }

    @Override
    public CompletionStage<Void> start(ClusterListener listener) {
      return CompletableFuture.completedFuture(null);
    }
  }
}
