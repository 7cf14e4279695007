package dev.limpet.cluster.sim;

import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.mqtt.PublicationProperties;
import dev.limpet.broker.mqtt.Qos;
import dev.limpet.broker.mqtt.Subscription;
import dev.limpet.broker.mqtt.Will;
import dev.limpet.broker.spi.store.SubscriptionChange;
import dev.limpet.broker.topic.SharedFilter;
import dev.limpet.broker.topic.TopicName;
import io.vertx.core.buffer.Buffer;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A device that keeps to the protocol, publishes, and reconnects; several may share a client id.
 */
final class SimClient {
  static final String WILLS = "wills";
  private static final int PATIENCE_MILLIS = 15_000;
  private static final int PING_MILLIS = 4_000;
  private static final int WINDOW = 4;

  final String device;
  final ClientId clientId;
  final boolean isDurable;
  final Set<String> topics;
  @Nullable SimLink link;
  private final SimulatedCluster world;
  private final Map<Integer, Sent> unacknowledged = new LinkedHashMap<>();
  private final Set<Integer> recorded = new HashSet<>();
  private final Set<Long> held = new HashSet<>();
  private boolean connected;
  private boolean subscribed;
  private boolean pinged;
  private int connects;
  private int numbers;

  /** Its names: the device's own, and the client id it uses. */
  SimClient(SimulatedCluster world, String device, String id, Set<String> topics) {
    this.world = world;
    this.device = device;
    this.clientId = ClientId.of(id);
    this.topics = topics;
    this.isDurable = !topics.isEmpty();
  }

  boolean isConnected() {
    return connected;
  }

  boolean isSubscribed() {
    return subscribed;
  }

  void connect() {
    if (link != null) {
      return;
    }
    SimLink made = new SimLink(this, world.anyNode(), will());
    link = made;
    made.node.post(2, () -> made.node.connections.connect(made));
    world.clock.after(
        PATIENCE_MILLIS,
        () -> {
          if (link == made && !connected) {
            drop();
          }
        });
  }

  private @Nullable Will will() {
    connects++;
    if (isDurable && connects % 2 == 0) {
      return null;
    }
    return new Will(
        TopicName.of(WILLS),
        Buffer.buffer("will:" + device + ":" + connects),
        Qos.EXACTLY_ONCE,
        false,
        isDurable ? 3 : 0,
        Will.NO_EXPIRY,
        PublicationProperties.NONE);
  }

  /** Goes without a word. */
  void drop() {
    SimLink old = link;
    if (old != null) {
      old.drop();
      closed(old);
    }
  }

  void disconnect() {
    SimLink old = link;
    if (old != null && connected) {
      old.toServer(SimConnection::disconnect);
      old.isOpen = false;
      closed(old);
    }
  }

  /** The node's process has died. */
  void broken(SimNode dead) {
    SimLink old = link;
    if (old != null && old.node == dead) {
      old.isOpen = false;
      closed(old);
    }
  }

  void closed(SimLink old) {
    if (link == old) {
      link = null;
      connected = false;
      if (isDurable) {
        world.clock.after(200 + world.random.nextInt(1_300), this::connect);
      }
    }
  }

  /** CONNACK. */
  void connected(SimLink by, boolean present) {
    connected = true;
    pinged = false;
    world.trace("%s is connected at %s, present %s", device, by.node, present);
    if (isDurable) {
      world.invariants.connected(this, present);
      if (!subscribed) {
        subscribe(by);
      }
      for (Sent sent : List.copyOf(unacknowledged.values())) {
        if (recorded.contains(sent.packetId())) {
          by.toServer(server -> server.pubrel(sent));
        } else {
          by.toServer(server -> server.publish(sent));
        }
      }
    }
    world.clock.after(PING_MILLIS, () -> ping(by));
  }

  private void subscribe(SimLink by) {
    List<Subscription> all =
        topics.stream()
            .map(topic -> Subscription.plain(SharedFilter.parse(topic), Qos.EXACTLY_ONCE))
            .toList();
    by.toServer(server -> server.subscribe(new SubscriptionChange(all, List.of())));
  }

  void suback() {
    subscribed = true;
  }

  private void ping(SimLink by) {
    if (link != by || !connected) {
      return;
    }
    if (pinged) {
      drop();
      return;
    }
    pinged = true;
    by.toServer(SimConnection::ping);
    world.clock.after(PING_MILLIS, () -> ping(by));
  }

  void pong() {
    pinged = false;
  }

  /** Publishes, unless too much is under way. */
  void publish(String topic, int qos) {
    SimLink by = link;
    if (by == null || !connected || unacknowledged.size() >= WINDOW) {
      return;
    }
    numbers++;
    Sent sent = new Sent(device, numbers, topic, qos, numbers % 60_000 + 1);
    unacknowledged.put(sent.packetId(), sent);
    world.invariants.sent(sent);
    by.toServer(server -> server.publish(sent));
  }

  void puback(SimLink by, Sent sent) {
    unacknowledged.remove(sent.packetId());
    world.invariants.acknowledged(sent);
  }

  void pubrec(SimLink by, Sent sent) {
    world.invariants.acknowledged(sent);
    recorded.add(sent.packetId());
    by.toServer(server -> server.pubrel(sent));
  }

  void pubcomp(SimLink by, Sent sent) {
    recorded.remove(sent.packetId());
    unacknowledged.remove(sent.packetId());
  }

  boolean hasUnacknowledged() {
    return !unacknowledged.isEmpty();
  }

  /** PUBLISH has come. */
  void publish(SimLink by, SimConnection.Got got) {
    long packetId = got.packetId();
    if (got.qos() == 1) {
      world.invariants.delivered(this, got);
      by.toServer(server -> server.puback(packetId));
      return;
    }
    if (held.add(packetId)) {
      world.invariants.delivered(this, got);
    }
    by.toServer(server -> server.pubrec(packetId));
  }

  void pubrel(SimLink by, long packetId) {
    held.remove(packetId);
    by.toServer(server -> server.pubcomp(packetId));
  }
}
