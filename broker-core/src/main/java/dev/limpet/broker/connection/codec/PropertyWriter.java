package dev.limpet.broker.connection.codec;

import dev.limpet.broker.connection.codec.wire.WireWriter;
import dev.limpet.broker.mqtt.PayloadFormat;
import dev.limpet.broker.mqtt.PublicationProperties;
import dev.limpet.broker.mqtt.UserProperty;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Collects the properties of a packet off the hot path, so that their length is known before they
 * are written. Confined to its caller.
 */
final class PropertyWriter {
  private final ByteBuf bytes = Unpooled.buffer(64);

  /** The property, unless it has its default. */
  PropertyWriter number(Property property, long value, long absent) {
    return value == absent ? this : number(property, value);
  }

  PropertyWriter number(Property property, @Nullable Number value) {
    if (value == null) {
      return this;
    }
    bytes.writeByte(property.id());
    switch (property.form()) {
      case FLAG -> bytes.writeByte(value.intValue());
      case U16 -> bytes.writeShort(value.intValue());
      case U32 -> bytes.writeInt((int) value.longValue());
      case VARINT -> WireWriter.varint(bytes, value.intValue());
      case STRING, BINARY, PAIR -> throw new IllegalArgumentException(property + " is no number");
    }
    return this;
  }

  /** The property, unless it has its default. */
  PropertyWriter flag(Property property, boolean value, boolean absent) {
    return number(property, value ? 1 : 0, absent ? 1 : 0);
  }

  PropertyWriter text(Property property, @Nullable String value) {
    if (value != null) {
      bytes.writeByte(property.id());
      WireWriter.string(bytes, value);
    }
    return this;
  }

  PropertyWriter binary(Property property, @Nullable Buffer value) {
    if (value != null) {
      bytes.writeByte(property.id());
      WireWriter.binary(bytes, value);
    }
    return this;
  }

  PropertyWriter user(List<UserProperty> properties) {
    for (UserProperty property : properties) {
      bytes.writeByte(Property.USER_PROPERTY.id());
      WireWriter.string(bytes, property.name());
      WireWriter.string(bytes, property.value());
    }
    return this;
  }

  PropertyWriter message(PublicationProperties properties) {
    PayloadFormat format = properties.payloadFormat();
    return number(
            Property.PAYLOAD_FORMAT, format == PayloadFormat.NOT_SAID ? null : format.indicator())
        .text(Property.CONTENT_TYPE, properties.contentType())
        .text(Property.RESPONSE_TOPIC, properties.responseTopic())
        .binary(Property.CORRELATION_DATA, properties.correlationData())
        .user(properties.userProperties());
  }

  /** Appends the length and all properties. */
  void writeTo(ByteBuf out) {
    WireWriter.varint(out, bytes.readableBytes());
    out.writeBytes(bytes, bytes.readerIndex(), bytes.readableBytes());
  }
}
