package dev.limpet.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.hivemq.client.mqtt.MqttClient;
import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5DisconnectException;
import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.spi.Claim;
import dev.limpet.broker.spi.cluster.ClaimView;
import dev.limpet.broker.spi.cluster.SessionDirectory;
import dev.limpet.broker.spi.store.SessionImage;
import dev.limpet.cluster.audit.AuditPace;
import dev.limpet.store.HazelcastSessionStore;
import dev.limpet.store.StoreOptions;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/**
 * A cluster whose audit a test feeds with what should not be: it changes claims and stored sessions
 * behind the brokers' backs. Confined to its test.
 */
final class AuditFixture implements AutoCloseable {

  /** A client that writes down what it receives, and why it was disconnected. Thread-safe. */
  static final class Watched {
    final Mqtt5BlockingClient client;
    final List<String> received = new CopyOnWriteArrayList<>();
    final List<String> ends = new CopyOnWriteArrayList<>();

    private Watched(String id, int port) {
      client =
          MqttClient.builder()
              .useMqttVersion5()
              .identifier(id)
              .serverHost("127.0.0.1")
              .serverPort(port)
              .addDisconnectedListener(context -> ends.add(reason(context.getCause())))
              .buildBlocking();
      client
          .toAsync()
          .publishes(
              MqttGlobalPublishFilter.ALL,
              each -> received.add(new String(each.getPayloadAsBytes(), UTF_8)));
    }

    private static String reason(Throwable cause) {
      return cause instanceof Mqtt5DisconnectException told
          ? told.getMqttMessage().getReasonCode().toString()
          : String.valueOf(cause);
    }
  }

  final EmbeddedCluster cluster;
  final HazelcastSessionStore store;

  AuditFixture(int nodes, AuditPace pace) {
    cluster = EmbeddedCluster.builder().audit(pace).start(nodes);
    // Its appends wake nobody: it has no listener.
    store =
        new HazelcastSessionStore(
            node(0).cluster().hazelcast(),
            StoreOptions.DEFAULT,
            node(0).cluster().clock(),
            new SimpleMeterRegistry());
  }

  ClusteredBroker node(int index) {
    return cluster.node(index).broker();
  }

  /** The last node that was started. */
  int last() {
    return cluster.nodes().size() - 1;
  }

  SessionDirectory directory(int index) {
    return node(index).cluster().directory();
  }

  /** Connects at a node and subscribes at QoS 1. */
  Watched connect(String id, int node, boolean durable, String filter) {
    Watched watched = new Watched(id, cluster.node(node).directPort());
    watched
        .client
        .connectWith()
        .cleanStart(!durable)
        .sessionExpiryInterval(durable ? 3_600 : 0)
        .send();
    watched.client.subscribeWith().topicFilter(filter).qos(MqttQos.AT_LEAST_ONCE).send();
    return watched;
  }

  void publish(int node, String topic, String text) {
    Mqtt5BlockingClient publisher =
        Clients.connect("publisher-" + node, cluster.node(node).directPort(), false);
    Clients.publish(publisher, topic, text).join();
    publisher.disconnect();
  }

  Optional<ClaimView> claim(String id) {
    return get(directory(0).find(ClientId.of(id)));
  }

  Claim claimOf(String id) {
    return claim(id).orElseThrow().claim();
  }

  Optional<SessionImage> session(String id) {
    return get(store.describe(ClientId.of(id)));
  }

  /** How many repairs of a kind all nodes have made. */
  double repaired(String kind) {
    return cluster.nodes().stream()
        .mapToDouble(
            node -> node.meters().get("limpet.audit.repaired").tag("kind", kind).counter().count())
        .sum();
  }

  /** All repairs, as {@code kind=count}, that were made. */
  List<String> repaired() {
    return cluster.nodes().stream()
        .flatMap(node -> node.meters().get("limpet.audit.repaired").counters().stream())
        .filter(each -> each.count() > 0)
        .map(AuditFixture::told)
        .toList();
  }

  private static String told(Counter counter) {
    return counter.getId().getTag("kind") + "=" + (long) counter.count();
  }

  static <T> T get(CompletionStage<T> stage) {
    return stage.toCompletableFuture().orTimeout(60, TimeUnit.SECONDS).join();
  }

  @Override
  public void close() {
    cluster.close();
    store.close();
  }
}
