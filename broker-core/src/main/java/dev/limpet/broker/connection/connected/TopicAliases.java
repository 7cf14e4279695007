package dev.limpet.broker.connection.connected;

import dev.limpet.broker.connection.codec.Packet.Publish;
import dev.limpet.broker.connection.codec.wire.PacketException;
import dev.limpet.broker.mqtt.ReasonCode;
import dev.limpet.broker.topic.TopicName;
import java.util.HashMap;
import java.util.Map;

/**
 * Resolves the topic aliases a client has set (MQTT 5.0 section 3.3.2.3.4). Confined to its lane.
 */
final class TopicAliases {
  private final int maximum;

  /** Grows with use: most clients have none, and the maximum may be 65,535. */
  private final Map<Integer, TopicName> topics = new HashMap<>(0);

  /**
   * @param maximum highest alias the client may use, 0 for none
   */
  TopicAliases(int maximum) {
    this.maximum = maximum;
  }

  /**
   * The topic of a PUBLISH.
   *
   * @throws PacketException when the alias is out of range or was never set
   */
  TopicName resolve(Publish publish) {
    int alias = publish.topicAlias();
    TopicName topic = publish.topic();
    if (alias == 0) {
      if (topic == null) {
        throw new PacketException(ReasonCode.PROTOCOL_ERROR, "PUBLISH without a topic");
      }
      return topic;
    }
    if (alias > maximum) {
      throw new PacketException( // [MQTT-3.3.2-9]
          ReasonCode.TOPIC_ALIAS_INVALID, "topic alias " + alias + " is above the maximum");
    }
    if (topic != null) {
      topics.put(alias, topic);
      return topic;
    }
    TopicName known = topics.get(alias);
    if (known == null) {
      throw new PacketException(ReasonCode.PROTOCOL_ERROR, "topic alias " + alias + " is not set");
    }
    return known;
  }
}
