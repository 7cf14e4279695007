package dev.limpet.broker.connection.codec;

import dev.limpet.broker.connection.codec.wire.PacketException;
import dev.limpet.broker.metrics.Limit;
import dev.limpet.broker.mqtt.PayloadFormat;
import dev.limpet.broker.mqtt.PublicationProperties;
import dev.limpet.broker.mqtt.ReasonCode;
import dev.limpet.broker.topic.InvalidTopicException;
import dev.limpet.broker.topic.TopicName;

/** Reads the properties PUBLISH shares with the will in CONNECT. Stateless. */
final class MessageProperties {
  /** The properties that become {@link PublicationProperties}. */
  static final long ALLOWED =
      Property.set(
          Property.PAYLOAD_FORMAT,
          Property.CONTENT_TYPE,
          Property.RESPONSE_TOPIC,
          Property.CORRELATION_DATA,
          Property.USER_PROPERTY);

  private MessageProperties() {}

  static PublicationProperties of(PropertyReader properties) {
    if (!properties.hasAnyOf(ALLOWED)) {
      return PublicationProperties.NONE;
    }
    String responseTopic = properties.text(Property.RESPONSE_TOPIC);
    if (responseTopic != null) {
      requireTopic(responseTopic, ReasonCode.PROTOCOL_ERROR); // [MQTT-3.3.2-14]
    }
    return new PublicationProperties(
        payloadFormat(properties),
        properties.text(Property.CONTENT_TYPE),
        responseTopic,
        properties.binary(Property.CORRELATION_DATA),
        properties.userProperties());
  }

  private static PayloadFormat payloadFormat(PropertyReader properties) {
    if (!properties.has(Property.PAYLOAD_FORMAT)) {
      return PayloadFormat.NOT_SAID;
    }
    boolean isText = properties.flag(Property.PAYLOAD_FORMAT, false);
    return isText ? PayloadFormat.UTF_8 : PayloadFormat.BYTES; // [MQTT-3.3.2-4]
  }

  static TopicName topic(String text, PacketLimits limits) {
    Limit broken = limits.brokenBy(text);
    if (broken != null) {
      throw new PacketException(
          ReasonCode.TOPIC_NAME_INVALID, broken, "a topic " + limits.words(text));
    }
    return requireTopic(text, ReasonCode.TOPIC_NAME_INVALID);
  }

  private static TopicName requireTopic(String text, ReasonCode otherwise) {
    try {
      return TopicName.of(text);
    } catch (InvalidTopicException e) {
      throw new PacketException(otherwise, String.valueOf(e.getMessage()));
    }
  }
}
