package dev.limpet.examples.nemesis.load;

import dev.limpet.examples.nemesis.history.Event;
import dev.limpet.examples.nemesis.history.Kind;
import dev.limpet.examples.nemesis.nodes.Cluster.Address;
import io.vertx.core.buffer.Buffer;
import io.vertx.mqtt.MqttClient;
import io.vertx.mqtt.MqttClientOptions;

/**
 * A connection with a will, whose payload is the number of the connection. It ends after a while,
 * with DISCONNECT or without. Confined to the event loop.
 */
final class WillBearer {

  /** All wills go below this level. */
  static final String LEVEL = "will/";

  private static final int CONNACK_MILLIS = 10_000;
  private static final int LINGER_MILLIS = 10_000;
  private static final int EXACTLY_ONCE = 2;

  private final World world;
  private final Profile profile;
  private final long connection;
  private final MqttClient client;
  private final Line line;
  private boolean open;

  WillBearer(World world, Profile profile) {
    this.world = world;
    this.profile = profile;
    this.connection = world.nextConnection();
    this.line = new Line(world.vertx(), sent -> {});
    MqttClientOptions options =
        profile
            .options()
            .setWillFlag(true)
            .setWillTopic(topic())
            .setWillMessageBytes(Buffer.buffer(Long.toString(connection)))
            .setWillQoS(EXACTLY_ONCE);
    this.client = MqttClient.create(world.vertx(), options);
  }

  private String topic() {
    return LEVEL + profile.id();
  }

  /** Connects, and ends after so long if it is not ended before. */
  void live(int millis) {
    Address node = world.node(profile.firstNode());
    world.record(event(Kind.CONNECT).noting(node.node()));
    world.record(event(Kind.WILL).about(topic(), EXACTLY_ONCE).number(connection));
    long timer = world.vertx().setTimer(CONNACK_MILLIS, it -> line.pull());
    client.closeHandler(
        nothing -> {
          closed("peer");
          world.in(LINGER_MILLIS, line::pull);
        });
    line.open(node.host(), node.port())
        .compose(at -> client.connect(at.port(), at.host()))
        .onComplete(
            answer -> {
              world.vertx().cancelTimer(timer);
              if (answer.succeeded()) {
                open = true;
                world.record(event(Kind.CONNECTED).noting(profile.lifetime()));
                world.in(millis, this::end);
              } else {
                line.pull();
                world.record(event(Kind.REFUSED).noting(String.valueOf(answer.cause())));
              }
            });
  }

  private void end() {
    if (world.between(0, 1) == 0) {
      disconnect();
    } else if (open) {
      closed("drop");
      line.pull();
    }
  }

  void disconnect() {
    if (open) {
      closed("goodbye");
      client.disconnect(); // which must get through before the line is pulled
    }
  }

  private void closed(String how) {
    if (open) {
      open = false;
      world.record(event(Kind.CLOSED).noting(how));
    }
  }

  private Event event(Kind kind) {
    return Event.of(kind, profile.id()).on(connection);
  }
}
