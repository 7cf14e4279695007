package dev.limpet.examples.nemesis.load;

import dev.limpet.examples.nemesis.history.Kind;
import io.vertx.mqtt.MqttClient;
import io.vertx.mqtt.messages.MqttPublishMessage;
import io.vertx.mqtt.messages.MqttSubAckMessage;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Subscribes and tells what comes. One client object for all its connections: that object remembers
 * which messages at QoS 2 it has seen and not released. Confined to the event loop.
 */
final class Subscriber extends Station {

  private static final int REFUSED = 0x80;
  private static final int SUBACK_MILLIS = 10_000;
  private static final int WANDER_MILLIS_LEAST = 500;
  private static final int WANDER_MILLIS_MOST = 3_000;

  private final SortedMap<String, Integer> filters;
  private boolean subscribed;

  /** Also subscribes to its probes. */
  Subscriber(World world, Profile profile, String filter, int qos) {
    super(world, profile);
    this.filters = new TreeMap<>();
    filters.put(filter, qos);
    filters.put(Probes.filter(profile.id()), 1);
  }

  /** Whether it is connected and subscribed. */
  boolean isReady() {
    return isOpen() && subscribed;
  }

  @Override
  MqttClient client(@Nullable MqttClient last) {
    return last != null ? last : MqttClient.create(world().vertx(), profile().options());
  }

  @Override
  void accepted(MqttClient client, boolean present) {
    client.publishHandler(this::received);
    client.subscribeCompletionHandler(this::subscribed);
    if (!present || !subscribed) {
      subscribed = false;
      client.subscribe(filters);
      long asked = connection();
      world()
          .in(
              SUBACK_MILLIS,
              () -> {
                if (asked == connection() && isOpen() && !subscribed) {
                  disconnect();
                  connect();
                }
              });
    }
  }

  private void subscribed(MqttSubAckMessage message) {
    List<Integer> granted = message.grantedQoSLevels();
    int turn = 0;
    for (String filter : filters.keySet()) {
      int qos = granted.get(turn++);
      if (qos == REFUSED) {
        disconnect();
        connect();
        return;
      }
      world().record(event(Kind.SUBSCRIBED).about(filter, qos));
    }
    subscribed = true;
  }

  private void received(MqttPublishMessage message) {
    world()
        .record(
            event(Kind.RECEIVED)
                .about(message.topicName(), message.qosLevel().value())
                .number(Long.parseLong(message.payload().toString()))
                .noting(message.isDup() ? "dup" : ""));
  }

  /** Goes away for a while and comes back, for as long as the world is restless. */
  void wander() {
    int stayMillis = world().between(WANDER_MILLIS_LEAST, WANDER_MILLIS_MOST);
    int awayMillis = world().between(WANDER_MILLIS_LEAST, WANDER_MILLIS_MOST);
    world()
        .in(
            stayMillis,
            () -> {
              if (isReady() && world().isRestless()) {
                disconnect();
                world().in(awayMillis, this::connect);
              }
              world().in(awayMillis, this::wander);
            });
  }
}
