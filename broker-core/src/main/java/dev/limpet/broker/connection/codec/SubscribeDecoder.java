package dev.limpet.broker.connection.codec;

import dev.limpet.broker.connection.codec.wire.PacketException;
import dev.limpet.broker.connection.codec.wire.WireReader;
import dev.limpet.broker.mqtt.ProtocolVersion;
import dev.limpet.broker.mqtt.Qos;
import dev.limpet.broker.mqtt.RetainHandling;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads SUBSCRIBE and UNSUBSCRIBE (sections 3.8 and 3.10). Stateless. */
final class SubscribeDecoder {
  private static final String SHARE = "$share/";
  private static final int QOS_MASK = 0x03;
  private static final int NO_LOCAL = 0x04;
  private static final int AS_PUBLISHED = 0x08;
  private static final int RETAIN_HANDLING_SHIFT = 4;
  private static final int RESERVED = 0xC0;
  private static final RetainHandling[] RETAIN_HANDLING = RetainHandling.values();
  private static final long SUBSCRIBE_PROPERTIES =
      Property.set(Property.SUBSCRIPTION_ID, Property.USER_PROPERTY);
  private static final long UNSUBSCRIBE_PROPERTIES = Property.set(Property.USER_PROPERTY);

  private SubscribeDecoder() {}

  static Packet.Subscribe subscribe(WireReader in, @Nullable ProtocolVersion version) {
    boolean v5 = version == ProtocolVersion.V5;
    int optionsMask = version == ProtocolVersion.V3_1 ? QOS_MASK : 0xFF; // it uses no other bits
    int packetId = in.packetId();
    PropertyReader properties =
        v5 ? PropertyReader.read(in, SUBSCRIBE_PROPERTIES) : PropertyReader.NONE;
    List<Integer> ids = properties.subscriptionIds();
    if (ids.size() > 1) {
      throw PacketException.protocolError("more than one subscription id");
    }
    requirePayload(in);
    List<SubscribeRequest> requests = new ArrayList<>(4);
    do {
      requests.add(v5 ? request(in) : plainRequest(in, optionsMask));
    } while (in.remaining() > 0);
    int id = ids.isEmpty() ? 0 : ids.get(0);
    return new Packet.Subscribe(packetId, id, requests, properties.userProperties());
  }

  static Packet.Unsubscribe unsubscribe(WireReader in, boolean v5) {
    int packetId = in.packetId();
    PropertyReader properties =
        v5 ? PropertyReader.read(in, UNSUBSCRIBE_PROPERTIES) : PropertyReader.NONE;
    requirePayload(in);
    List<String> filterTexts = new ArrayList<>(4);
    do {
      filterTexts.add(filterText(in));
    } while (in.remaining() > 0);
    return new Packet.Unsubscribe(packetId, filterTexts, properties.userProperties());
  }

  private static void requirePayload(WireReader in) {
    if (in.remaining() == 0) {
      throw PacketException.protocolError("no topic filter"); // [MQTT-3.8.3-2], [MQTT-3.10.3-2]
    }
  }

  /** A filter that is not empty, behind the name of a share group neither [MQTT-4.7.3-1]. */
  private static String filterText(WireReader in) {
    String text = in.string();
    int start = 0;
    if (text.startsWith(SHARE)) {
      int slash = text.indexOf('/', SHARE.length());
      start = slash < 0 ? 0 : slash + 1; // '$share/name' alone is no empty filter, but no good one
    }
    if (start == text.length()) {
      throw PacketException.malformed("an empty topic filter"); // [MQTT-4.8.0-1] of 3.1.1
    }
    return text;
  }

  private static SubscribeRequest plainRequest(WireReader in, int optionsMask) {
    String filterText = filterText(in);
    int options = in.u8() & optionsMask;
    if (options > 2) {
      throw PacketException.malformed("reserved subscription options set"); // 3.1.1 [MQTT-3-8.3-4]
    }
    return SubscribeRequest.plain(filterText, Qos.of(options));
  }

  private static SubscribeRequest request(WireReader in) {
    String filterText = filterText(in);
    int options = in.u8();
    int handling = options >>> RETAIN_HANDLING_SHIFT & 0x03;
    boolean noLocal = (options & NO_LOCAL) != 0;
    if ((options & RESERVED) != 0) {
      throw PacketException.malformed("reserved subscription options set"); // [MQTT-3.8.3-5]
    }
    if ((options & QOS_MASK) == 3 || handling == 3) {
      throw PacketException.protocolError("a subscription option out of range");
    }
    if (noLocal && filterText.startsWith(SHARE)) {
      throw PacketException.protocolError("No Local on a shared subscription"); // [MQTT-3.8.3-4]
    }
    return new SubscribeRequest(
        filterText,
        Qos.of(options & QOS_MASK),
        noLocal,
        (options & AS_PUBLISHED) != 0,
        RETAIN_HANDLING[handling]);
  }
}
