package dev.limpet.broker.connection.codec;

import dev.limpet.broker.connection.codec.wire.PacketException;
import dev.limpet.broker.connection.codec.wire.WireReader;
import dev.limpet.broker.metrics.Limit;
import dev.limpet.broker.mqtt.ConnectRequest;
import dev.limpet.broker.mqtt.ProtocolVersion;
import dev.limpet.broker.mqtt.Qos;
import dev.limpet.broker.mqtt.ReasonCode;
import dev.limpet.broker.mqtt.Will;
import dev.limpet.broker.topic.TopicName;
import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/** Reads one CONNECT of any version (section 3.1 of each). Confined to one decoding. */
final class ConnectDecoder {
  private static final int RESERVED = 0x01;
  private static final int CLEAN = 0x02;
  private static final int WILL = 0x04;
  private static final int WILL_QOS_SHIFT = 3;
  private static final int WILL_RETAIN = 0x20;
  private static final int PASSWORD = 0x40;
  private static final int USER_NAME = 0x80;

  /**
   * Set in the level of 3.1 and 3.1.1 by a bridge, as mosquitto began it; v5 has options instead.
   */
  static final int BRIDGE = 0x80;

  private static final long PROPERTIES =
      Property.set(
          Property.SESSION_EXPIRY,
          Property.RECEIVE_MAXIMUM,
          Property.MAXIMUM_PACKET_SIZE,
          Property.TOPIC_ALIAS_MAXIMUM,
          Property.REQUEST_RESPONSE_INFORMATION,
          Property.REQUEST_PROBLEM_INFORMATION,
          Property.USER_PROPERTY,
          Property.AUTHENTICATION_METHOD,
          Property.AUTHENTICATION_DATA);
  private static final long WILL_PROPERTIES =
      MessageProperties.ALLOWED | Property.set(Property.WILL_DELAY, Property.MESSAGE_EXPIRY);

  private final WireReader in;
  private final PacketLimits limits;
  private final String protocolName;
  private final int level;
  private final boolean bridge;

  ConnectDecoder(WireReader in, PacketLimits limits) {
    this.in = in;
    this.limits = limits;
    this.protocolName = in.string();
    int sent = in.u8();
    this.bridge = (sent & BRIDGE) != 0 && (sent & ~BRIDGE) < ProtocolVersion.V5.level();
    this.level = bridge ? sent & ~BRIDGE : sent;
  }

  /** The version to answer in; for one this broker does not speak, the nearest. */
  @Nullable ProtocolVersion announcedVersion() {
    for (ProtocolVersion version : ProtocolVersion.values()) {
      if (version.protocolName().equals(protocolName)) {
        boolean later = (level & ~BRIDGE) >= ProtocolVersion.V5.level();
        ProtocolVersion nearest = later ? ProtocolVersion.V5 : ProtocolVersion.V3_1_1;
        return ProtocolVersion.of(protocolName, level).orElse(nearest);
      }
    }
    return null;
  }

  Packet.Connect decode() {
    ProtocolVersion version =
        ProtocolVersion.of(protocolName, level)
            .orElseThrow(
                () ->
                    new PacketException(
                        ReasonCode.UNSUPPORTED_PROTOCOL_VERSION, // [MQTT-3.1.2-2]
                        "protocol '" + protocolName + "' level " + level));
    int flags = in.u8();
    requireFlags(flags, version);
    int keepAliveSeconds = in.u16();
    PropertyReader properties =
        version.isV5() ? PropertyReader.read(in, PROPERTIES) : PropertyReader.NONE;
    boolean cleanStart = isSet(flags, CLEAN);
    String clientId = clientId(version, cleanStart);
    Will will = isSet(flags, WILL) ? will(flags, version) : null;
    ConnectRequest.Credentials credentials = credentials(flags, version, properties);
    return new Packet.Connect(
        new ConnectRequest(
            version,
            bridge,
            clientId,
            session(version, cleanStart, properties),
            connection(keepAliveSeconds, properties),
            credentials,
            will,
            properties.userProperties()));
  }

  private static void requireFlags(int flags, ProtocolVersion version) {
    boolean isOld = version == ProtocolVersion.V3_1; // which ignores this bit; 3.1.1 forbids it
    if (isSet(flags, RESERVED) && !isOld) {
      throw PacketException.malformed("CONNECT with its reserved flag set"); // [MQTT-3.1.2-3]
    }
    int willQos = willQos(flags);
    boolean hasWill = isSet(flags, WILL);
    if (!hasWill && !isOld && (willQos != 0 || isSet(flags, WILL_RETAIN))) {
      throw PacketException.malformed("will options without a will"); // [MQTT-3.1.2-11]
    }
    if (willQos == 3 && (hasWill || !isOld)) {
      throw PacketException.malformed("a will with QoS 3"); // [MQTT-3.1.2-12]
    }
    if (!version.isV5() && isSet(flags, PASSWORD) && !isSet(flags, USER_NAME)) {
      throw PacketException.malformed("a password without a user name"); // 3.1.1 [MQTT-3.1.2-22]
    }
  }

  private String clientId(ProtocolVersion version, boolean cleanStart) {
    String clientId = in.string();
    boolean mayBeAssigned =
        version.isV5() || version == ProtocolVersion.V3_1_1 && cleanStart; // 3.1.1 [MQTT-3.1.3-8]
    if (clientId.isEmpty() && !mayBeAssigned) {
      throw new PacketException(
          ReasonCode.CLIENT_IDENTIFIER_NOT_VALID, "an empty client id for a lasting session");
    }
    if (!limits.allowsClientId(clientId)) {
      throw new PacketException(
          ReasonCode.CLIENT_IDENTIFIER_NOT_VALID,
          Limit.CLIENT_ID_BYTES_MAX,
          "a client id of more than " + limits.clientIdBytesMax() + " bytes");
    }
    return clientId;
  }

  private Will will(int flags, ProtocolVersion version) {
    PropertyReader properties =
        version.isV5() ? PropertyReader.read(in, WILL_PROPERTIES) : PropertyReader.NONE;
    TopicName topic = MessageProperties.topic(in.string(), limits);
    return new Will(
        topic,
        in.binary(),
        Qos.of(willQos(flags)),
        isSet(flags, WILL_RETAIN),
        properties.number(Property.WILL_DELAY, 0),
        properties.number(Property.MESSAGE_EXPIRY, Will.NO_EXPIRY),
        MessageProperties.of(properties));
  }

  private ConnectRequest.Credentials credentials(
      int flags, ProtocolVersion version, PropertyReader properties) {
    boolean hasUserName = isSet(flags, USER_NAME) && !isLeftOut(version);
    String userName = hasUserName ? in.string() : null;
    boolean hasPassword = isSet(flags, PASSWORD) && !isLeftOut(version);
    Buffer password = hasPassword ? in.binary() : null;
    String method = properties.text(Property.AUTHENTICATION_METHOD);
    Buffer data = properties.binary(Property.AUTHENTICATION_DATA);
    if (method == null && data != null) {
      throw PacketException.protocolError("authentication data without a method");
    }
    return new ConnectRequest.Credentials(userName, password, method, data);
  }

  /** Clients of 3.1 may set the flags of user name and password and still end before them. */
  private boolean isLeftOut(ProtocolVersion version) {
    return version == ProtocolVersion.V3_1 && in.remaining() == 0;
  }

  private static ConnectRequest.SessionSettings session(
      ProtocolVersion version, boolean cleanStart, PropertyReader properties) {
    long expirySeconds =
        version.isV5()
            ? properties.number(Property.SESSION_EXPIRY, 0)
            : cleanStart ? 0 : ConnectRequest.NEVER_EXPIRES;
    return new ConnectRequest.SessionSettings(cleanStart, expirySeconds);
  }

  private static ConnectRequest.ConnectionSettings connection(
      int keepAliveSeconds, PropertyReader properties) {
    return new ConnectRequest.ConnectionSettings(
        keepAliveSeconds,
        properties.smallNumber(Property.RECEIVE_MAXIMUM, 65_535),
        maximumPacketBytes(properties),
        properties.smallNumber(Property.TOPIC_ALIAS_MAXIMUM, 0),
        properties.flag(Property.REQUEST_RESPONSE_INFORMATION, false),
        properties.flag(Property.REQUEST_PROBLEM_INFORMATION, true));
  }

  private static int maximumPacketBytes(PropertyReader properties) {
    int most = ConnectRequest.PACKET_BYTES_MAX;
    return (int) Math.min(most, properties.number(Property.MAXIMUM_PACKET_SIZE, most));
  }

  private static int willQos(int flags) {
    return flags >>> WILL_QOS_SHIFT & 0x03;
  }

  private static boolean isSet(int flags, int bit) {
    return (flags & bit) != 0;
  }
}
