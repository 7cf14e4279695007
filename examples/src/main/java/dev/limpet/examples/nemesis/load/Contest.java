package dev.limpet.examples.nemesis.load;

import dev.limpet.examples.nemesis.history.Event;
import dev.limpet.examples.nemesis.history.Kind;
import dev.limpet.examples.nemesis.nodes.Cluster.Address;
import io.vertx.mqtt.MqttClient;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * A client id that connects anew, at another node, before its last connection has ended. Each
 * connection pings until it ends, so that the history shows which of them live. Confined to the
 * event loop.
 */
final class Contest {

  private static final int PING_MILLIS = 1_000;
  private static final int CONNACK_MILLIS = 10_000;

  /** Old connections that nobody closes, which is a violation and no reason to flood anybody. */
  private static final int OPEN_MAX = 10;

  private final World world;
  private final Profile profile;
  private final Deque<Hand> hands = new ArrayDeque<>();

  Contest(World world, Profile profile) {
    this.world = world;
    this.profile = profile;
  }

  /** Connects again and again, for as long as the world is restless. */
  void run(int leastMillis, int mostMillis) {
    if (world.isRestless() && hands.size() < OPEN_MAX) {
      Hand hand = new Hand(world.nextConnection());
      hands.add(hand);
      hand.connect(world.node(world.between(0, world.nodes() - 1)));
    }
    world.in(world.between(leastMillis, mostMillis), () -> run(leastMillis, mostMillis));
  }

  /** One of its connections. */
  private final class Hand {
    private final long connection;
    private final MqttClient client = MqttClient.create(world.vertx(), profile.options());
    private final Deque<Long> pings = new ArrayDeque<>();
    private boolean open;
    private long pinged;

    Hand(long connection) {
      this.connection = connection;
    }

    void connect(Address node) {
      int port = profile.direct() ? node.directPort() : node.port();
      world.record(event(Kind.CONNECT).noting(node.node()));
      long timer = world.vertx().setTimer(CONNACK_MILLIS, it -> client.disconnect());
      client.closeHandler(nothing -> closed());
      client.pingResponseHandler(nothing -> answered());
      client
          .connect(port, node.host())
          .onComplete(
              answer -> {
                world.vertx().cancelTimer(timer);
                if (answer.succeeded()) {
                  accepted(answer.result().isSessionPresent());
                } else {
                  world.record(event(Kind.REFUSED).noting(String.valueOf(answer.cause())));
                  hands.remove(this);
                }
              });
    }

    private void accepted(boolean present) {
      open = true;
      world.record(event(Kind.CONNECTED).number(present ? 1 : 0).noting(profile.lifetime()));
      world.vertx().setPeriodic(PING_MILLIS, this::ping);
    }

    private void ping(long timer) {
      if (!open) {
        world.vertx().cancelTimer(timer);
        return;
      }
      pings.add(++pinged);
      world.record(event(Kind.PING).number(pinged));
      client.ping();
    }

    private void answered() {
      Long number = pings.poll();
      if (number != null) {
        world.record(event(Kind.PONG).number(number));
      }
    }

    private void closed() {
      if (open) {
        open = false;
        world.record(event(Kind.CLOSED).noting("peer"));
        world.in(1, () -> hands.remove(this));
      }
    }

    private Event event(Kind kind) {
      return Event.of(kind, profile.id()).on(connection);
    }
  }
}
