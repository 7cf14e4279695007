package dev.limpet.broker.connection.codec;

import dev.limpet.broker.connection.codec.wire.WireWriter;
import dev.limpet.broker.mqtt.ProtocolVersion;
import dev.limpet.broker.mqtt.ReasonCode;
import dev.limpet.broker.mqtt.UserProperty;
import io.netty.buffer.ByteBuf;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes the part after the fixed header, for every packet but PUBLISH. Confined to one packet. */
final class BodyEncoder {
  private static final int SUBACK_FAILURE = 0x80;

  private final ByteBuf out;
  private final ProtocolVersion version;
  private final boolean withExtras;

  /**
   * @param withExtras whether reason string and user properties are written
   */
  BodyEncoder(ByteBuf out, ProtocolVersion version, boolean withExtras) {
    this.out = out;
    this.version = version;
    this.withExtras = withExtras;
  }

  void encode(Packet packet) {
    if (packet instanceof Packet.Connect connect) {
      ConnectEncoder.encode(out, connect.request());
    } else if (packet instanceof Packet.Connack connack) {
      connack(connack);
    } else if (packet instanceof Packet.Acknowledgement ack) {
      acknowledgement(ack);
    } else if (packet instanceof Packet.Subscribe subscribe) {
      subscribe(subscribe);
    } else if (packet instanceof Packet.Suback suback) {
      suback(suback);
    } else if (packet instanceof Packet.Unsubscribe unsubscribe) {
      unsubscribe(unsubscribe);
    } else if (packet instanceof Packet.Unsuback unsuback) {
      unsuback(unsuback);
    } else if (packet instanceof Packet.Disconnect disconnect) {
      disconnect(disconnect);
    } else if (packet instanceof Packet.Auth auth) {
      auth(auth);
    }
  }

  private void connack(Packet.Connack packet) {
    // 3.1 has no session present flag.
    boolean present = packet.sessionPresent() && version != ProtocolVersion.V3_1;
    out.writeByte(present ? 1 : 0);
    if (!version.isV5()) {
      out.writeByte(packet.reason().connackReturnCode());
      return;
    }
    out.writeByte(packet.reason().code());
    ConnackProperties properties = packet.properties();
    ConnackEncoder.properties(properties)
        .text(Property.REASON_STRING, withExtras ? properties.reasonString() : null)
        .user(withExtras ? properties.userProperties() : List.of())
        .writeTo(out);
  }

  private void acknowledgement(Packet.Acknowledgement packet) {
    out.writeShort(packet.packetId());
    if (version.isV5()) {
      out.writeByte(packet.reason().code());
      extras(packet.reasonString(), packet.userProperties()).writeTo(out);
    }
  }

  private void subscribe(Packet.Subscribe packet) {
    out.writeShort(packet.packetId());
    if (version.isV5()) {
      new PropertyWriter()
          .number(Property.SUBSCRIPTION_ID, packet.subscriptionId(), 0)
          .user(packet.userProperties())
          .writeTo(out);
    }
    for (SubscribeRequest request : packet.requests()) {
      WireWriter.string(out, request.filterText());
      int options = request.maxQos().level();
      if (version.isV5()) {
        options |= request.noLocal() ? 0x04 : 0;
        options |= request.retainAsPublished() ? 0x08 : 0;
        options |= request.retainHandling().ordinal() << 4;
      }
      out.writeByte(options);
    }
  }

  private void suback(Packet.Suback packet) {
    out.writeShort(packet.packetId());
    if (version.isV5()) {
      extras(packet.reasonString(), packet.userProperties()).writeTo(out);
    }
    for (ReasonCode reason : packet.reasons()) {
      boolean plainFailure = !version.isV5() && reason.isError();
      out.writeByte(plainFailure ? SUBACK_FAILURE : reason.code());
    }
  }

  private void unsubscribe(Packet.Unsubscribe packet) {
    out.writeShort(packet.packetId());
    if (version.isV5()) {
      new PropertyWriter().user(packet.userProperties()).writeTo(out);
    }
    for (String filterText : packet.filterTexts()) {
      WireWriter.string(out, filterText);
    }
  }

  private void unsuback(Packet.Unsuback packet) {
    out.writeShort(packet.packetId());
    if (version.isV5()) {
      extras(packet.reasonString(), packet.userProperties()).writeTo(out);
      for (ReasonCode reason : packet.reasons()) {
        out.writeByte(reason.code());
      }
    }
  }

  private void disconnect(Packet.Disconnect packet) {
    if (!version.isV5()) {
      return;
    }
    boolean hasProperties =
        packet.sessionExpirySeconds() != null
            || packet.serverReference() != null
            || withExtras && (packet.reasonString() != null || !packet.userProperties().isEmpty());
    if (hasProperties) {
      out.writeByte(packet.reason().code());
      extras(packet.reasonString(), packet.userProperties())
          .number(Property.SESSION_EXPIRY, packet.sessionExpirySeconds())
          .text(Property.SERVER_REFERENCE, packet.serverReference())
          .writeTo(out);
    } else if (packet.reason() != ReasonCode.SUCCESS) {
      out.writeByte(packet.reason().code());
    }
  }

  private void auth(Packet.Auth packet) {
    if (!version.isV5()) {
      throw new IllegalStateException("AUTH before v5");
    }
    if (packet.equals(Packet.Auth.SUCCESS)) {
      return; // properties without a method may not be written out
    }
    out.writeByte(packet.reason().code());
    extras(packet.reasonString(), packet.userProperties())
        .text(Property.AUTHENTICATION_METHOD, packet.method())
        .binary(Property.AUTHENTICATION_DATA, packet.data())
        .writeTo(out);
  }

  private PropertyWriter extras(@Nullable String reasonString, List<UserProperty> userProperties) {
    PropertyWriter properties = new PropertyWriter();
    return withExtras
        ? properties.text(Property.REASON_STRING, reasonString).user(userProperties)
        : properties;
  }
}
