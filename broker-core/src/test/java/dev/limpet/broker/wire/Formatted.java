package dev.limpet.broker.wire;

import dev.limpet.broker.connection.codec.Packet.Publish;
import dev.limpet.broker.connection.codec.PublishFlags;
import dev.limpet.broker.mqtt.PayloadFormat;
import dev.limpet.broker.mqtt.PublicationProperties;
import dev.limpet.broker.mqtt.Qos;
import dev.limpet.broker.mqtt.Will;
import dev.limpet.broker.topic.TopicName;
import io.vertx.core.buffer.Buffer;
import java.util.List;

/** Messages whose publisher says of what form the payload is. Stateless. */
public final class Formatted {
  private static final Buffer PAYLOAD = Buffer.buffer("m");

  private Formatted() {}

  public static Publish publish(
      String topic, PayloadFormat format, Qos qos, boolean retain, int packetId) {
    return new Publish(
        TopicName.of(topic),
        0,
        PAYLOAD,
        PublishFlags.of(qos, false, retain),
        qos.isAcknowledged() ? packetId : 0,
        Publish.NO_EXPIRY,
        properties(format),
        List.of());
  }

  /** A will at QoS 1 without a delay, retained so that it takes that way, too. */
  public static Will will(String topic, PayloadFormat format) {
    return new Will(
        TopicName.of(topic),
        PAYLOAD,
        Qos.AT_LEAST_ONCE,
        true,
        0,
        Will.NO_EXPIRY,
        properties(format));
  }

  private static PublicationProperties properties(PayloadFormat format) {
    return new PublicationProperties(format, null, null, null, List.of());
  }
}
