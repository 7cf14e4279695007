package dev.limpet.broker.connection;

import dev.limpet.broker.connection.codec.Packet.Publish;
import dev.limpet.broker.connection.codec.PublishEncoder;
import dev.limpet.broker.topic.TopicName;
import io.netty.buffer.ByteBuf;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Assigns this server's topic aliases for one client (MQTT 5.0 section 3.3.2.3.4). The first topics
 * get the free aliases; after that, a topic that repeats takes the least recently used alias, so
 * topics that never repeat evict no alias.
 *
 * <p>Confined to its lane.
 */
final class OutboundAliases {
  /** A shorter topic costs no more than the alias. */
  private static final int TOPIC_LENGTH_MIN = 4;

  private final int maximum;

  /** The least recently used first. */
  private final Map<TopicName, Integer> aliases = new LinkedHashMap<>(4, 0.75f, true);

  /** Topics without an alias that came lately, the oldest first; as many as there are aliases. */
  private final Set<TopicName> seen = new LinkedHashSet<>(4);

  /**
   * @param maximum highest alias the client takes and the server uses, at least 1 [MQTT-3.3.2-10]
   */
  OutboundAliases(int maximum) {
    this.maximum = maximum;
  }

  /**
   * Appends a packet, with an alias if its topic has or gets one.
   *
   * @param plain with its topic and no alias
   * @return false, with nothing written or set, when the client does not take packets so large
   */
  boolean publish(PublishEncoder encoder, ByteBuf out, Publish plain) {
    TopicName topic = plain.topic();
    if (topic == null || topic.value().length() < TOPIC_LENGTH_MIN) {
      return encoder.encode(out, plain);
    }
    Integer known = aliases.get(topic);
    if (known != null) {
      return encoder.encode(out, with(plain, null, known));
    }
    int alias = nextFor(topic);
    if (alias == 0 || !encoder.encode(out, with(plain, topic, alias))) {
      return encoder.encode(out, plain);
    }
    set(topic, alias);
    return true;
  }

  /** A free alias or one to take over; 0 for none. */
  private int nextFor(TopicName topic) {
    if (aliases.size() < maximum) {
      return aliases.size() + 1;
    }
    if (seen.remove(topic)) {
      return aliases.values().iterator().next();
    }
    if (seen.size() >= maximum) {
      seen.remove(seen.iterator().next());
    }
    seen.add(topic);
    return 0;
  }

  private void set(TopicName topic, int alias) {
    if (aliases.size() >= maximum) {
      aliases.remove(aliases.keySet().iterator().next());
    }
    aliases.put(topic, alias);
  }

  private static Publish with(Publish plain, @Nullable TopicName topic, int alias) {
    return new Publish(
        topic,
        alias,
        plain.payload(),
        plain.flags(),
        plain.packetId(),
        plain.messageExpirySeconds(),
        plain.properties(),
        plain.subscriptionIds());
  }
}
