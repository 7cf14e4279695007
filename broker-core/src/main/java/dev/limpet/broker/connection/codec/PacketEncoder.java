package dev.limpet.broker.connection.codec;

import dev.limpet.broker.connection.codec.wire.WireWriter;
import dev.limpet.broker.mqtt.ConnectRequest;
import dev.limpet.broker.mqtt.ProtocolVersion;
import dev.limpet.broker.mqtt.ReasonCode;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/**
 * Encodes packets to bytes, for one end of one connection: omits fields the version lacks or the
 * receiver does not want, and never writes a packet larger than the receiver accepts. Immutable.
 */
public final class PacketEncoder {
  private final ProtocolVersion version;
  private final int packetBytesMax;
  private final boolean problemInformation;
  private final PublishEncoder publishes;

  /**
   * @param packetBytesMax largest packet the receiver takes, fixed header included
   * @param problemInformation whether reason strings and user properties may go with anything but
   *     PUBLISH, CONNACK and DISCONNECT [MQTT-3.1.2-29]
   */
  public PacketEncoder(ProtocolVersion version, int packetBytesMax, boolean problemInformation) {
    this.version = version;
    this.packetBytesMax = packetBytesMax;
    this.problemInformation = problemInformation;
    this.publishes = new PublishEncoder(version.isV5(), packetBytesMax);
  }

  /** An encoder for a receiver that sets no limits. */
  public PacketEncoder(ProtocolVersion version) {
    this(version, ConnectRequest.PACKET_BYTES_MAX, true);
  }

  /** The server's encoder for the client that asked so. */
  public static PacketEncoder toClient(ConnectRequest request) {
    return new PacketEncoder(
        request.version(),
        request.connection().maximumPacketBytes(),
        request.connection().requestProblemInformation());
  }

  public ProtocolVersion version() {
    return version;
  }

  /** The encoder of PUBLISH for the same receiver. */
  public PublishEncoder publishes() {
    return publishes;
  }

  /**
   * Appends PUBACK, PUBREC, PUBREL or PUBCOMP in its shortest form, four or five bytes, which no
   * client can do without: the limit is not asked.
   */
  public void acknowledge(ByteBuf out, PacketType type, int packetId, ReasonCode reason) {
    out.writeByte(type.firstByte());
    if (version.isV5() && reason != ReasonCode.SUCCESS) {
      out.writeByte(3).writeShort(packetId).writeByte(reason.code());
    } else {
      out.writeByte(2).writeShort(packetId);
    }
  }

  /**
   * Appends any packet. Reason strings and user properties that would make it too large are left
   * out. Before v5 there is no DISCONNECT from a server and no AUTH: do not ask for them.
   *
   * @return false, with nothing written, when the receiver does not take packets so large
   */
  public boolean write(ByteBuf out, Packet packet) {
    if (packet instanceof Packet.Publish publish) {
      return publishes.encode(out, publish);
    }
    if (packet instanceof Packet.Acknowledgement ack && !hasExtras(ack)) {
      acknowledge(out, ack.type(), ack.packetId(), ack.reason());
      return true;
    }
    return frame(out, packet, mayHaveExtras(packet.type())) || frame(out, packet, false);
  }

  /**
   * Whether the receiver accepts a SUBACK or UNSUBACK of this many codes, without a reason string.
   */
  public boolean takesReasons(int count) {
    int length = Short.BYTES + (version.isV5() ? 1 : 0) + count;
    return 1 + WireWriter.varintBytes(length) + length <= packetBytesMax;
  }

  private boolean hasExtras(Packet.Acknowledgement ack) {
    return version.isV5()
        && problemInformation
        && (ack.reasonString() != null || !ack.userProperties().isEmpty());
  }

  private boolean mayHaveExtras(PacketType type) {
    return switch (type) {
      case CONNACK, DISCONNECT, CONNECT, SUBSCRIBE, UNSUBSCRIBE -> true;
      default -> problemInformation;
    };
  }

  private boolean frame(ByteBuf out, Packet packet, boolean withExtras) {
    ByteBuf body = Unpooled.buffer(64);
    new BodyEncoder(body, version, withExtras).encode(packet);
    int length = body.readableBytes();
    if (1 + WireWriter.varintBytes(length) + length > packetBytesMax) {
      return false;
    }
    out.writeByte(packet.type().firstByte());
    WireWriter.varint(out, length);
    out.writeBytes(body);
    return true;
  }
}
