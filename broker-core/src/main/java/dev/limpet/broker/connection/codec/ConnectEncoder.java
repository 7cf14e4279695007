package dev.limpet.broker.connection.codec;

import dev.limpet.broker.connection.codec.wire.WireWriter;
import dev.limpet.broker.mqtt.ConnectRequest;
import dev.limpet.broker.mqtt.Will;
import io.netty.buffer.ByteBuf;

/** Writes the body of CONNECT, for clients (section 3.1). Stateless. */
final class ConnectEncoder {
  private ConnectEncoder() {}

  static void encode(ByteBuf out, ConnectRequest request) {
    boolean v5 = request.version().isV5();
    WireWriter.string(out, request.version().protocolName());
    int level = request.version().level();
    out.writeByte(request.bridge() ? level | ConnectDecoder.BRIDGE : level);
    out.writeByte(flags(request));
    out.writeShort(request.connection().keepAliveSeconds());
    if (v5) {
      properties(request).writeTo(out);
    }
    WireWriter.string(out, request.clientId());
    Will will = request.will();
    if (will != null) {
      will(out, will, v5);
    }
    if (request.userName() != null) {
      WireWriter.string(out, request.userName());
    }
    if (request.password() != null) {
      WireWriter.binary(out, request.password());
    }
  }

  private static int flags(ConnectRequest request) {
    int flags = request.session().cleanStart() ? 0x02 : 0;
    Will will = request.will();
    if (will != null) {
      flags |= 0x04 | will.qos().level() << 3 | (will.retain() ? 0x20 : 0);
    }
    flags |= request.password() != null ? 0x40 : 0;
    flags |= request.userName() != null ? 0x80 : 0;
    return flags;
  }

  private static PropertyWriter properties(ConnectRequest request) {
    return new PropertyWriter()
        .number(Property.SESSION_EXPIRY, request.session().expirySeconds(), 0)
        .number(Property.RECEIVE_MAXIMUM, request.connection().receiveMaximum(), 65_535)
        .number(
            Property.MAXIMUM_PACKET_SIZE,
            request.connection().maximumPacketBytes(),
            ConnectRequest.PACKET_BYTES_MAX)
        .number(Property.TOPIC_ALIAS_MAXIMUM, request.connection().topicAliasMaximum(), 0)
        .flag(
            Property.REQUEST_RESPONSE_INFORMATION,
            request.connection().requestResponseInformation(),
            false)
        .flag(
            Property.REQUEST_PROBLEM_INFORMATION,
            request.connection().requestProblemInformation(),
            true)
        .text(Property.AUTHENTICATION_METHOD, request.credentials().authenticationMethod())
        .binary(Property.AUTHENTICATION_DATA, request.credentials().authenticationData())
        .user(request.userProperties());
  }

  private static void will(ByteBuf out, Will will, boolean v5) {
    if (v5) {
      new PropertyWriter()
          .number(Property.WILL_DELAY, will.delaySeconds(), 0)
          .number(Property.MESSAGE_EXPIRY, will.messageExpirySeconds(), Will.NO_EXPIRY)
          .message(will.properties())
          .writeTo(out);
    }
    WireWriter.string(out, will.topic().value());
    WireWriter.binary(out, will.payload());
  }
}
