package dev.limpet.broker.connection.listener;

import io.netty.buffer.ByteBuf;
import io.netty.util.NetUtil;
import io.vertx.core.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Reads the binary PROXY header behind its checked signature. Stateless. */
final class ProxyHeaderV2 {
  private static final int FIXED_BYTES = 16;
  private static final int COMMAND_AT = 12;
  private static final int FAMILY_AT = 13;
  private static final int LENGTH_AT = 14;
  private static final int LOCAL = 0x20;
  private static final int PROXY = 0x21;
  private static final int TCP_OVER_IPV4 = 0x11;
  private static final int TCP_OVER_IPV6 = 0x21;
  private static final int UNSPECIFIED = 0x00;
  private static final int IPV4_BYTES = 4;
  private static final int IPV6_BYTES = 16;
  private static final int PORTS_BYTES = 4;

  /** Room for addresses and the usual extensions; certificates are not among them. */
  private static final int LENGTH_MAX = 4_096;

  private static final int TLV_HEAD_BYTES = 3;
  private static final int TLV_SSL = 0x20;
  private static final int TLV_SSL_COMMON_NAME = 0x22;

  /** Of our own, from the range left to applications (section 2.2.7). */
  private static final int TLV_GUARDS = 0xE0;

  /** Flags of the client, and whether its certificate was verified (zero: yes). */
  private static final int SSL_HEAD_BYTES = 5;

  private ProxyHeaderV2() {}

  static @Nullable ProxyHeader read(ByteBuf in) {
    int start = in.readerIndex();
    if (in.readableBytes() < FIXED_BYTES) {
      return null;
    }
    int command = in.getUnsignedByte(start + COMMAND_AT);
    int family = in.getUnsignedByte(start + FAMILY_AT);
    int length = in.getUnsignedShort(start + LENGTH_AT);
    if (command != LOCAL && command != PROXY) {
      throw new ProxyHeaderException("a PROXY header with another version or command");
    }
    if (length > LENGTH_MAX) {
      throw new ProxyHeaderException("a PROXY header of " + length + " bytes");
    }
    if (in.readableBytes() < FIXED_BYTES + length) {
      return null;
    }
    in.skipBytes(FIXED_BYTES);
    ByteBuf rest = in.readSlice(length);
    if (command == LOCAL) {
      return ProxyHeader.UNKNOWN;
    }
    return switch (family) {
      case TCP_OVER_IPV4 -> addresses(rest, IPV4_BYTES);
      case TCP_OVER_IPV6 -> addresses(rest, IPV6_BYTES);
      case UNSPECIFIED -> ProxyHeader.UNKNOWN;
      default -> throw new ProxyHeaderException("a PROXY header for something other than TCP");
    };
  }

  private static ProxyHeader addresses(ByteBuf in, int addressBytes) {
    if (in.readableBytes() < 2 * addressBytes + PORTS_BYTES) {
      throw new ProxyHeaderException("a PROXY header without room for its addresses");
    }
    byte[] source = new byte[addressBytes];
    in.readBytes(source).skipBytes(addressBytes);
    int port = in.readUnsignedShort();
    in.skipBytes(Short.BYTES);
    SocketAddress address = SocketAddress.inetSocketAddress(port, NetUtil.bytesToIpAddress(source));
    ByteBuf guards = find(in.duplicate(), TLV_GUARDS);
    ByteBuf ssl = find(in, TLV_SSL);
    return new ProxyHeader(
        address,
        ssl == null ? null : certificateName(ssl),
        guards == null ? null : text(guards.nioBuffer()));
  }

  private static @Nullable String certificateName(ByteBuf ssl) {
    if (ssl.readableBytes() < SSL_HEAD_BYTES) {
      throw new ProxyHeaderException("a PROXY header with a cut TLS part");
    }
    ssl.skipBytes(1);
    boolean verified = ssl.readInt() == 0;
    ByteBuf name = find(ssl, TLV_SSL_COMMON_NAME);
    return name == null || !verified ? null : text(name.nioBuffer());
  }

  private static String text(ByteBuffer utf8) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(utf8).toString();
    } catch (CharacterCodingException e) {
      throw new ProxyHeaderException("a PROXY header with a name that is not UTF-8");
    }
  }

  /** Reads all extensions and answers the first of one type. */
  private static @Nullable ByteBuf find(ByteBuf in, int type) {
    ByteBuf found = null;
    while (in.isReadable()) {
      if (in.readableBytes() < TLV_HEAD_BYTES) {
        throw new ProxyHeaderException("a PROXY header with a cut extension");
      }
      int next = in.readUnsignedByte();
      int length = in.readUnsignedShort();
      if (length > in.readableBytes()) {
        throw new ProxyHeaderException("a PROXY header with a cut extension");
      }
      ByteBuf value = in.readSlice(length);
      if (next == type && found == null) {
        found = value;
      }
    }
    return found;
  }
}
