package dev.limpet.broker.connection.codec;

import dev.limpet.broker.connection.codec.wire.PacketException;
import dev.limpet.broker.connection.codec.wire.WireReader;
import dev.limpet.broker.metrics.Limit;
import dev.limpet.broker.mqtt.ProtocolVersion;
import dev.limpet.broker.mqtt.ReasonCode;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Decodes packets from bytes, for one end of one connection. A server's decoder learns the version
 * from CONNECT, which comes first; a client's is told.
 *
 * <p>Nothing is kept between calls but the version, and nothing is allocated for a packet before
 * all of it is there and its size is known to be allowed. After a {@link PacketException} the
 * connection is to be closed. Confined to the connection's event loop.
 */
public final class PacketDecoder {
  private final int packetBytesMax;
  private final PacketLimits limits;
  private final boolean fromClient;
  private final PublishDecoder publishDecoder;
  private @Nullable ProtocolVersion version;

  /**
   * A server's decoder.
   *
   * @param packetBytesMax largest packet taken, fixed header included; at least 2
   */
  public PacketDecoder(int packetBytesMax) {
    this(packetBytesMax, PacketLimits.NONE);
  }

  /** Creates a server's decoder with bounds on the packets' content. */
  public PacketDecoder(int packetBytesMax, PacketLimits limits) {
    this.packetBytesMax = packetBytesMax;
    this.limits = limits;
    this.fromClient = true;
    this.publishDecoder = new PublishDecoder(true, limits);
  }

  private PacketDecoder(int packetBytesMax, ProtocolVersion version) {
    this.packetBytesMax = packetBytesMax;
    this.limits = PacketLimits.NONE;
    this.fromClient = false;
    this.version = version;
    this.publishDecoder = new PublishDecoder(false, limits);
  }

  /** A client's decoder, for a connection of this version. */
  public static PacketDecoder forClient(ProtocolVersion version, int packetBytesMax) {
    return new PacketDecoder(packetBytesMax, version);
  }

  /**
   * The version the client announced: how to answer it, also when its CONNECT was refused. Null
   * while nothing is known.
   */
  public @Nullable ProtocolVersion version() {
    return version;
  }

  /**
   * Takes one packet off the buffer.
   *
   * @return null while it is not there as a whole; the buffer is then left as it is
   * @throws PacketException when the bytes are no packet that may stand here
   */
  public @Nullable Packet decode(ByteBuf in) {
    int start = in.readerIndex();
    int available = in.readableBytes();
    if (available == 0) {
      return null;
    }
    int firstByte = in.getUnsignedByte(start);
    PacketType type = requireType(firstByte);
    int lengthBytes = lengthBytes(in, start + 1, available - 1);
    if (lengthBytes == 0) {
      return null;
    }
    int headerBytes = 1 + lengthBytes;
    int packetBytes = headerBytes + remainingLength(in, start + 1, lengthBytes);
    if (packetBytes > packetBytesMax || version == null && packetBytes > limits.connectBytesMax()) {
      throw tooLarge(packetBytes, in, start + headerBytes, start + available);
    }
    if (packetBytes > available) {
      return null;
    }
    WireReader body = new WireReader(in, start + headerBytes, start + packetBytes);
    Packet packet = decodeBody(type, firstByte, body);
    if (isV5() && lengthBytes > 1 && in.getByte(start + lengthBytes) == 0) {
      throw PacketException.malformed("a remaining length longer than needed"); // [MQTT-1.5.5-1]
    }
    body.requireEnd();
    in.skipBytes(packetBytes);
    return packet;
  }

  /** Reads the version of an oversized CONNECT first, if it has arrived, to refuse it in kind. */
  private PacketException tooLarge(int packetBytes, ByteBuf in, int from, int end) {
    int bytesMax = packetBytesMax;
    Limit limit = Limit.MAX_PACKET_BYTES;
    if (version == null && limits.connectBytesMax() < packetBytesMax) {
      bytesMax = limits.connectBytesMax();
      limit = Limit.CONNECT_BYTES_MAX;
    }
    if (version == null) {
      version = announced(in, from, end);
    }
    return new PacketException(
        ReasonCode.PACKET_TOO_LARGE,
        limit,
        "a packet of " + packetBytes + " bytes, " + bytesMax + " allowed");
  }

  /** The version a CONNECT begins with; null when that has not come, or is none. */
  private @Nullable ProtocolVersion announced(ByteBuf in, int from, int end) {
    int available = end - from - Short.BYTES;
    if (available <= 0 || available <= in.getUnsignedShort(from)) {
      return null;
    }
    try {
      return new ConnectDecoder(new WireReader(in, from, end), limits).announcedVersion();
    } catch (PacketException e) {
      return null; // refused for its size, however many bytes have arrived
    }
  }

  /** How many bytes the remaining length takes; 0 while its last one is not there. */
  private static int lengthBytes(ByteBuf in, int index, int available) {
    for (int i = 0; i < 4; i++) {
      if (i == available) {
        return 0;
      }
      if (in.getByte(index + i) >= 0) {
        return i + 1;
      }
    }
    throw PacketException.malformed("a remaining length of more than 4 bytes");
  }

  private static int remainingLength(ByteBuf in, int index, int bytes) {
    int length = 0;
    for (int i = 0; i < bytes; i++) {
      length |= (in.getByte(index + i) & 0x7F) << (7 * i);
    }
    return length;
  }

  private PacketType requireType(int firstByte) {
    PacketType type = PacketType.of(firstByte);
    if (version == null && type != PacketType.CONNECT) {
      throw PacketException.protocolError("the first packet is CONNECT"); // [MQTT-3.1.0-1]
    }
    if (type == null || type == PacketType.AUTH && !isV5()) {
      throw PacketException.malformed("packet type " + (firstByte >>> 4) + " is reserved");
    }
    boolean ignored = version == ProtocolVersion.V3_1 && type != PacketType.CONNECT;
    if (!ignored && !type.allowsFlags(firstByte)) {
      throw PacketException.malformed(type + " with reserved flags set"); // [MQTT-2.1.3-1]
    }
    if (fromClient ? !type.isSentByClient() : !type.isSentByServer()) {
      throw PacketException.protocolError(type + " does not go in this direction");
    }
    return type;
  }

  private Packet decodeBody(PacketType type, int firstByte, WireReader in) {
    boolean v5 = isV5();
    return switch (type) {
      case CONNECT -> connect(in);
      case CONNACK -> ReplyDecoder.connack(in, v5);
      case PUBLISH -> publishDecoder.decode(in, firstByte, version());
      case PUBACK, PUBREC, PUBREL, PUBCOMP -> AcknowledgementDecoder.decode(type, in, v5);
      case SUBSCRIBE -> SubscribeDecoder.subscribe(in, version());
      case SUBACK -> ReplyDecoder.suback(in, v5);
      case UNSUBSCRIBE -> SubscribeDecoder.unsubscribe(in, v5);
      case UNSUBACK -> ReplyDecoder.unsuback(in, v5);
      case PINGREQ -> Packet.Pingreq.INSTANCE;
      case PINGRESP -> Packet.Pingresp.INSTANCE;
      case DISCONNECT -> DisconnectDecoder.disconnect(in, v5, fromClient);
      case AUTH -> DisconnectDecoder.auth(in, fromClient);
    };
  }

  private Packet connect(WireReader in) {
    ConnectDecoder decoder = new ConnectDecoder(in, limits);
    if (version == null) {
      version = decoder.announcedVersion(); // a second CONNECT is an error and changes nothing
    }
    return decoder.decode();
  }

  private boolean isV5() {
    return version == ProtocolVersion.V5;
  }
}
