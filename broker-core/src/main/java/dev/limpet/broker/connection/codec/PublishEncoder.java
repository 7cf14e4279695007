package dev.limpet.broker.connection.codec;

import dev.limpet.broker.connection.codec.wire.WireWriter;
import dev.limpet.broker.mqtt.Delivery;
import dev.limpet.broker.mqtt.PayloadFormat;
import dev.limpet.broker.mqtt.Publication;
import dev.limpet.broker.mqtt.PublicationProperties;
import dev.limpet.broker.mqtt.UserProperty;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.vertx.core.buffer.Buffer;
import java.util.List;

/**
 * Writes PUBLISH (section 3.3) for one receiver in one pass: sizes first, then each byte where it
 * belongs. Immutable.
 */
public final class PublishEncoder {
  private final boolean v5;
  private final int packetBytesMax;

  /**
   * @param packetBytesMax largest packet the receiver takes, fixed header included
   */
  PublishEncoder(boolean v5, int packetBytesMax) {
    this.v5 = v5;
    this.packetBytesMax = packetBytesMax;
  }

  /**
   * Appends PUBLISH for a delivery; its payload is copied once.
   *
   * @param packetId 0 at QoS 0
   * @param remainingExpirySeconds remaining message expiry interval, or {@link
   *     Packet.Publish#NO_EXPIRY}
   * @return false, with nothing written, when the receiver takes no packet so large
   */
  public boolean encode(
      ByteBuf out, Delivery delivery, int packetId, boolean dup, long remainingExpirySeconds) {
    return encode(out, packet(delivery, packetId, dup, remainingExpirySeconds));
  }

  /** The packet that is written for a delivery. */
  public static Packet.Publish packet(
      Delivery delivery, int packetId, boolean dup, long remainingExpirySeconds) {
    Publication publication = delivery.publication();
    return new Packet.Publish(
        publication.topic(),
        0,
        publication.payload(),
        PublishFlags.of(delivery.qos(), dup, delivery.retain()),
        packetId,
        remainingExpirySeconds,
        publication.properties(),
        delivery.subscriptionIds());
  }

  /**
   * Appends the packet, which may use a topic alias.
   *
   * @return false when it would be larger than the receiver takes; nothing is written then
   *     [MQTT-3.1.2-24]
   */
  public boolean encode(ByteBuf out, Packet.Publish packet) {
    String topic = packet.topic() == null ? "" : packet.topic().value();
    int topicBytes = ByteBufUtil.utf8Bytes(topic);
    int propertyBytes = v5 ? propertyBytes(packet) : 0;
    boolean hasPacketId = packet.qos().isAcknowledged();
    long length = 2L + topicBytes + (hasPacketId ? 2 : 0) + packet.payload().length();
    if (v5) {
      length += WireWriter.varintBytes(propertyBytes) + propertyBytes;
    }
    if (length > packetBytesMax
        || 1 + WireWriter.varintBytes((int) length) + length > packetBytesMax) {
      return false;
    }
    out.ensureWritable(5 + (int) length);
    out.writeByte(PacketType.PUBLISH.firstByte() | packet.flags().bits());
    WireWriter.varint(out, (int) length);
    WireWriter.string(out, topic, topicBytes);
    if (hasPacketId) {
      out.writeShort(packet.packetId());
    }
    if (v5) {
      WireWriter.varint(out, propertyBytes);
      if (propertyBytes > 0) {
        writeProperties(out, packet);
      }
    }
    WireWriter.bytes(out, packet.payload());
    return true;
  }

  private static int propertyBytes(Packet.Publish packet) {
    int bytes = packet.messageExpirySeconds() == Packet.Publish.NO_EXPIRY ? 0 : 5;
    bytes += packet.topicAlias() == 0 ? 0 : 3;
    List<Integer> ids = packet.subscriptionIds();
    for (int i = 0; i < ids.size(); i++) {
      bytes += 1 + WireWriter.varintBytes(ids.get(i));
    }
    PublicationProperties properties = packet.properties();
    return properties.isEmpty() ? bytes : bytes + messageBytes(properties);
  }

  private static int messageBytes(PublicationProperties properties) {
    int bytes = properties.payloadFormat() == PayloadFormat.NOT_SAID ? 0 : 2;
    if (properties.contentType() != null) {
      bytes += 1 + WireWriter.stringBytes(properties.contentType());
    }
    if (properties.responseTopic() != null) {
      bytes += 1 + WireWriter.stringBytes(properties.responseTopic());
    }
    Buffer correlationData = properties.correlationData();
    if (correlationData != null) {
      bytes += 3 + correlationData.length();
    }
    for (UserProperty property : properties.userProperties()) {
      bytes += 1 + WireWriter.stringBytes(property.name());
      bytes += WireWriter.stringBytes(property.value());
    }
    return bytes;
  }

  private static void writeProperties(ByteBuf out, Packet.Publish packet) {
    if (packet.messageExpirySeconds() != Packet.Publish.NO_EXPIRY) {
      out.writeByte(Property.MESSAGE_EXPIRY.id()).writeInt((int) packet.messageExpirySeconds());
    }
    if (packet.topicAlias() != 0) {
      out.writeByte(Property.TOPIC_ALIAS.id()).writeShort(packet.topicAlias());
    }
    List<Integer> ids = packet.subscriptionIds();
    for (int i = 0; i < ids.size(); i++) {
      out.writeByte(Property.SUBSCRIPTION_ID.id());
      WireWriter.varint(out, ids.get(i));
    }
    PublicationProperties properties = packet.properties();
    if (!properties.isEmpty()) {
      writeMessage(out, properties);
    }
  }

  private static void writeMessage(ByteBuf out, PublicationProperties properties) {
    PayloadFormat format = properties.payloadFormat();
    if (format != PayloadFormat.NOT_SAID) {
      out.writeByte(Property.PAYLOAD_FORMAT.id()).writeByte(format.indicator());
    }
    if (properties.contentType() != null) {
      out.writeByte(Property.CONTENT_TYPE.id());
      WireWriter.string(out, properties.contentType());
    }
    if (properties.responseTopic() != null) {
      out.writeByte(Property.RESPONSE_TOPIC.id());
      WireWriter.string(out, properties.responseTopic());
    }
    Buffer correlationData = properties.correlationData();
    if (correlationData != null) {
      out.writeByte(Property.CORRELATION_DATA.id());
      WireWriter.binary(out, correlationData);
    }
    for (UserProperty property : properties.userProperties()) {
      out.writeByte(Property.USER_PROPERTY.id());
      WireWriter.string(out, property.name());
      WireWriter.string(out, property.value());
    }
  }
}
