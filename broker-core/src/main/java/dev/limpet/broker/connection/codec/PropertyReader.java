package dev.limpet.broker.connection.codec;

import dev.limpet.broker.connection.codec.wire.PacketException;
import dev.limpet.broker.connection.codec.wire.WireReader;
import dev.limpet.broker.mqtt.ReasonCode;
import dev.limpet.broker.mqtt.UserProperty;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads and checks the properties of one packet: only those the packet may have, each at most once,
 * each with a value in its range. Immutable once read.
 */
final class PropertyReader {
  /** The properties of a packet without any, and of every packet before v5. */
  static final PropertyReader NONE = new PropertyReader();

  private static final long REPEATABLE =
      Property.set(Property.USER_PROPERTY, Property.SUBSCRIPTION_ID);
  private static final long NEVER_ZERO =
      Property.set(
          Property.RECEIVE_MAXIMUM,
          Property.MAXIMUM_PACKET_SIZE,
          Property.SUBSCRIPTION_ID,
          Property.TOPIC_ALIAS);

  private final Map<Property, Object> values = new EnumMap<>(Property.class);
  private List<UserProperty> userProperties = List.of();
  private List<Integer> subscriptionIds = List.of();
  private long seen;

  private PropertyReader() {}

  /**
   * Reads the length and that many bytes of properties.
   *
   * @param allowed a {@link Property#set} of the properties this packet may have
   */
  static PropertyReader read(WireReader in, long allowed) {
    int length = in.varint();
    if (length == 0) {
      return NONE;
    }
    PropertyReader properties = new PropertyReader();
    WireReader part = in.part(length);
    while (part.remaining() > 0) {
      properties.add(part, allowed);
    }
    return properties;
  }

  boolean has(Property property) {
    return (seen & property.bit()) != 0;
  }

  /** Whether one of a {@link Property#set} is there. */
  boolean hasAnyOf(long set) {
    return (seen & set) != 0;
  }

  @Nullable String text(Property property) {
    return (String) values.get(property);
  }

  @Nullable Buffer binary(Property property) {
    return (Buffer) values.get(property);
  }

  @Nullable Long number(Property property) {
    return (Long) values.get(property);
  }

  long number(Property property, long absent) {
    Long value = number(property);
    return value == null ? absent : value;
  }

  int smallNumber(Property property, int absent) {
    return (int) number(property, absent);
  }

  boolean flag(Property property, boolean absent) {
    Long value = number(property);
    return value == null ? absent : value == 1;
  }

  List<UserProperty> userProperties() {
    return userProperties;
  }

  List<Integer> subscriptionIds() {
    return subscriptionIds;
  }

  private void add(WireReader in, long allowed) {
    int id = in.varint();
    Property property = Property.of(id);
    if (property == null || (allowed & property.bit()) == 0) {
      throw PacketException.malformed("property " + id + " does not belong here"); // [MQTT-2.2.2.2]
    }
    if (has(property) && (REPEATABLE & property.bit()) == 0) {
      throw PacketException.protocolError("property " + property + " twice");
    }
    seen |= property.bit();
    switch (property.form()) {
      case STRING -> values.put(property, in.string());
      case BINARY -> values.put(property, in.binary());
      case PAIR -> addUserProperty(new UserProperty(in.string(), in.string()));
      case VARINT -> addSubscriptionId((int) checked(property, in.varint()));
      case FLAG -> values.put(property, flag(property, in.u8()));
      case U16 -> values.put(property, checked(property, in.u16()));
      case U32 -> values.put(property, checked(property, in.u32()));
    }
  }

  private static long flag(Property property, int value) {
    if (value > 1) {
      throw PacketException.protocolError("property " + property + " is 0 or 1, not " + value);
    }
    return value;
  }

  private static long checked(Property property, long value) {
    if (value == 0 && (NEVER_ZERO & property.bit()) != 0) {
      ReasonCode reason =
          property == Property.TOPIC_ALIAS
              ? ReasonCode.TOPIC_ALIAS_INVALID // [MQTT-3.3.2-8]
              : ReasonCode.PROTOCOL_ERROR;
      throw new PacketException(reason, "property " + property + " is not 0");
    }
    return value;
  }

  private void addUserProperty(UserProperty property) {
    if (userProperties.isEmpty()) {
      userProperties = new ArrayList<>(4);
    }
    userProperties.add(property);
  }

  private void addSubscriptionId(int id) {
    if (subscriptionIds.isEmpty()) {
      subscriptionIds = new ArrayList<>(4);
    }
    subscriptionIds.add(id);
  }
}
