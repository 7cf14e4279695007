package dev.limpet.examples.nemesis.load;

import dev.limpet.examples.nemesis.history.Kind;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.SocketAddress;
import io.vertx.mqtt.MqttClient;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Publishes numbered messages. What was not acknowledged when the connection ended is sent again on
 * the next, with DUP and its packet id, if the broker still has the session. A new client object
 * for each connection, since one object does not send a packet id twice. Confined to the event
 * loop.
 */
final class Publisher extends Station {

  /** Packet ids below are the client's own, for SUBSCRIBE. */
  private static final int PACKET_ID_LEAST = 1_000;

  private static final int PACKET_ID_MOST = 65_535;
  private static final int WINDOW = 50;

  private final Map<Integer, Pending> pending = new LinkedHashMap<>();
  private @Nullable MqttClient live;
  private @Nullable Line line;
  private int packetId = PACKET_ID_LEAST;

  /** A message without PUBACK or PUBCOMP. */
  private static final class Pending {
    private final String topic;
    private final int qos;
    private final long number;
    private boolean released;

    Pending(String topic, int qos, long number) {
      this.topic = topic;
      this.qos = qos;
      this.number = number;
    }
  }

  Publisher(World world, Profile profile) {
    super(world, profile);
  }

  /** Publishes number 1, 2, 3 … to one topic, for as long as the world is restless. */
  void tick(String topic, int qos, int periodMillis) {
    long[] number = {0};
    world()
        .vertx()
        .setPeriodic(
            periodMillis,
            timer -> {
              if (world().isRestless() && isOpen() && pending.size() < WINDOW) {
                publish(topic, qos, ++number[0]);
              }
            });
  }

  /** Publishes one message now; it is lost if there is no connection. */
  void publish(String topic, int qos, long number) {
    world().record(event(Kind.PUBLISH).about(topic, qos).number(number));
    int id = packetId;
    packetId = packetId == PACKET_ID_MOST ? PACKET_ID_LEAST : packetId + 1;
    Pending message = new Pending(topic, qos, number);
    if (qos > 0) {
      pending.put(id, message);
    }
    send(id, message, false);
  }

  private void send(int id, Pending message, boolean again) {
    MqttClient client = live;
    if (isOpen() && client != null) {
      Buffer payload = Buffer.buffer(Long.toString(message.number));
      MqttQoS qos = MqttQoS.valueOf(message.qos);
      client.publish(id, message.topic, payload, qos, again, false);
    }
  }

  /** Whether everything was acknowledged. */
  boolean isDone() {
    return pending.isEmpty();
  }

  @Override
  MqttClient client(@Nullable MqttClient last) {
    return MqttClient.create(world().vertx(), profile().options());
  }

  @Override
  Future<SocketAddress> way(String host, int port) {
    Line last = line;
    if (last != null) {
      last.pull();
    }
    Line next = new Line(world().vertx(), new Tap(this::released));
    line = next;
    return next.open(host, port);
  }

  @Override
  void accepted(MqttClient client, boolean present) {
    live = client;
    client.publishCompletionHandler(this::acknowledged);
    if (!present) {
      pending.clear(); // nobody can know what became of them
    }
    for (Map.Entry<Integer, Pending> each : List.copyOf(pending.entrySet())) {
      if (each.getValue().released) {
        client.publishRelease(each.getKey());
      } else {
        send(each.getKey(), each.getValue(), true);
      }
    }
  }

  private void released(int id) {
    Pending message = pending.get(id);
    if (message != null) {
      message.released = true;
    }
  }

  private void acknowledged(int id) {
    Pending message = pending.remove(id);
    if (message != null) {
      world().record(event(Kind.ACKED).about(message.topic, message.qos).number(message.number));
    }
  }
}
