package dev.limpet.examples.nemesis.load;

import io.vertx.mqtt.MqttClient;

/** Connects once and leaves; what becomes of it nobody asks. Confined to the event loop. */
final class Passer {

  private static final int STAY_MILLIS = 2_000;

  private final World world;
  private final Profile profile;
  private final MqttClient client;

  Passer(World world, Profile profile) {
    this.world = world;
    this.profile = profile;
    this.client = MqttClient.create(world.vertx(), profile.options());
  }

  void pass() {
    var node = world.node(profile.firstNode());
    client
        .connect(node.port(), node.host())
        .onComplete(answer -> world.in(STAY_MILLIS, client::disconnect));
  }
}
