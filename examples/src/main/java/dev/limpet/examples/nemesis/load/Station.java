package dev.limpet.examples.nemesis.load;

import dev.limpet.examples.nemesis.history.Event;
import dev.limpet.examples.nemesis.history.Kind;
import dev.limpet.examples.nemesis.nodes.Cluster.Address;
import io.vertx.core.Future;
import io.vertx.core.net.SocketAddress;
import io.vertx.mqtt.MqttClient;
import org.jspecify.annotations.Nullable;

/**
 * A client id that keeps itself connected: when its connection ends or none can be made, it tries
 * the next node. Confined to the event loop.
 */
abstract class Station {

  /** How long CONNACK may take before the next node is tried. */
  private static final int CONNACK_MILLIS = 10_000;

  private static final int PAUSE_MILLIS_LEAST = 50;
  private static final int PAUSE_MILLIS_MOST = 300;

  private final World world;
  private final Profile profile;
  private @Nullable MqttClient client;
  private long connection;
  private boolean open;
  private boolean stopped;
  private int turn;

  Station(World world, Profile profile) {
    this.world = world;
    this.profile = profile;
    this.turn = profile.firstNode();
  }

  final World world() {
    return world;
  }

  final Profile profile() {
    return profile;
  }

  final long connection() {
    return connection;
  }

  final boolean isOpen() {
    return open;
  }

  /** The client object for the next connection. */
  abstract MqttClient client(@Nullable MqttClient last);

  /** Where to connect in order to reach this port; by default, right there. */
  Future<SocketAddress> way(String host, int port) {
    return Future.succeededFuture(SocketAddress.inetSocketAddress(port, host));
  }

  /** CONNACK came. */
  abstract void accepted(MqttClient accepted, boolean present);

  /** Connects, and stays so. */
  final void connect() {
    if (world.isOver()) {
      return;
    }
    stopped = false;
    MqttClient next = client(client);
    client = next;
    long number = world.nextConnection();
    connection = number;
    Address node = world.node(turn++);
    String where = node.node() + (profile.direct() ? " direct" : " sticky");
    world.record(event(Kind.CONNECT).noting(where));
    int port = profile.direct() ? node.directPort() : node.port();
    long timer = world.vertx().setTimer(CONNACK_MILLIS, it -> next.disconnect());
    next.closeHandler(nothing -> closed(number));
    way(node.host(), port)
        .compose(at -> next.connect(at.port(), at.host()))
        .onComplete(
            answer -> {
              world.vertx().cancelTimer(timer);
              if (answer.succeeded()) {
                open = true;
                boolean present = answer.result().isSessionPresent();
                world.record(
                    event(Kind.CONNECTED).number(present ? 1 : 0).noting(profile.lifetime()));
                accepted(next, present);
              } else {
                world.record(event(Kind.REFUSED).noting(String.valueOf(answer.cause())));
                again();
              }
            });
  }

  private void closed(long number) {
    if (number == connection && open) {
      open = false;
      world.record(event(Kind.CLOSED).noting("peer"));
      again();
    }
  }

  private void again() {
    if (!stopped) {
      world.in(
          world.between(PAUSE_MILLIS_LEAST, PAUSE_MILLIS_MOST),
          () -> {
            if (!stopped) {
              connect();
            }
          });
    }
  }

  /** Says DISCONNECT if connected, and stays away until {@link #connect}. */
  final void disconnect() {
    stopped = true;
    MqttClient last = client;
    if (open && last != null) {
      open = false;
      world.record(event(Kind.CLOSED).noting("goodbye"));
      last.disconnect();
    }
  }

  final Event event(Kind kind) {
    return Event.of(kind, profile.id()).on(connection);
  }
}
