package dev.limpet.broker.connection.codec;

import dev.limpet.broker.connection.codec.wire.PacketException;
import dev.limpet.broker.connection.codec.wire.WireReader;
import dev.limpet.broker.mqtt.ProtocolVersion;
import dev.limpet.broker.mqtt.Qos;
import dev.limpet.broker.topic.TopicName;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Reads PUBLISH (section 3.3). Remembers the last topic, since most clients publish to one over and
 * over. Confined to its decoder.
 */
final class PublishDecoder {
  private static final int RETAIN = 0x01;
  private static final int DUP = 0x08;
  private static final long PROPERTIES =
      MessageProperties.ALLOWED
          | Property.set(Property.MESSAGE_EXPIRY, Property.TOPIC_ALIAS, Property.SUBSCRIPTION_ID);

  private final boolean fromClient;
  private final PacketLimits limits;
  private @Nullable TopicName lastTopic;
  private ByteBuf lastBytes = Unpooled.EMPTY_BUFFER;

  PublishDecoder(boolean fromClient, PacketLimits limits) {
    this.fromClient = fromClient;
    this.limits = limits;
  }

  Packet.Publish decode(WireReader in, int firstByte, @Nullable ProtocolVersion version) {
    int level = firstByte >>> 1 & 0x03;
    boolean dup = (firstByte & DUP) != 0;
    if (level == 3) {
      throw PacketException.malformed("PUBLISH with QoS 3"); // [MQTT-3.3.1-4]
    }
    if (level == 0 && dup) {
      if (version != ProtocolVersion.V3_1) { // which defines DUP for QoS 1 and 2 only
        throw PacketException.protocolError("DUP with QoS 0"); // [MQTT-3.3.1-2]
      }
      dup = false;
    }
    TopicName topic = topic(in);
    int packetId = level > 0 ? in.packetId() : 0;
    PropertyReader properties =
        version == ProtocolVersion.V5 ? PropertyReader.read(in, PROPERTIES) : PropertyReader.NONE;
    int alias = properties.smallNumber(Property.TOPIC_ALIAS, 0);
    if (topic == null && alias == 0) {
      throw PacketException.protocolError("neither a topic nor an alias"); // [MQTT-4.7.3-1]
    }
    if (fromClient && properties.has(Property.SUBSCRIPTION_ID)) {
      throw PacketException.protocolError("a subscription id from a client"); // [MQTT-3.3.4-6]
    }
    return new Packet.Publish(
        topic,
        alias,
        in.rest(),
        PublishFlags.of(Qos.of(level), dup, (firstByte & RETAIN) != 0),
        packetId,
        properties.number(Property.MESSAGE_EXPIRY, Packet.Publish.NO_EXPIRY),
        MessageProperties.of(properties),
        properties.subscriptionIds());
  }

  private @Nullable TopicName topic(WireReader in) {
    if (lastTopic != null && in.skips(lastBytes)) {
      return lastTopic;
    }
    String text = in.string();
    if (text.isEmpty()) {
      return null;
    }
    TopicName topic = MessageProperties.topic(text, limits);
    lastTopic = topic;
    lastBytes = Unpooled.wrappedBuffer(text.getBytes(StandardCharsets.UTF_8));
    return topic;
  }
}
