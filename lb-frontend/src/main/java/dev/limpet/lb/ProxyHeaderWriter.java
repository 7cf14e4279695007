package dev.limpet.lb;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.util.NetUtil;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Writes the PROXY protocol header, version 2 (proxy-protocol.txt, section 2.2), which tells the
 * home the client's real address. Stateless.
 */
final class ProxyHeaderWriter {

  private static final byte[] SIGNATURE = {
    0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A
  };
  private static final int VERSION_2_COMMAND_PROXY = 0x21;
  private static final int UNSPECIFIED = 0x00;
  private static final int TCP_OVER_IPV4 = 0x11;
  private static final int TCP_OVER_IPV6 = 0x21;
  private static final int IPV4_BYTES = 4;
  private static final int IPV6_BYTES = 16;
  private static final int FIXED_BYTES = 16;
  private static final int PORTS_BYTES = 4;
  private static final int TLV_HEAD_BYTES = 3;
  private static final int TLV_SSL = 0x20;
  private static final int TLV_SSL_COMMON_NAME = 0x22;

  /** From the range that section 2.2.7 leaves to applications. */
  private static final int TLV_GUARDS = 0xE0;

  private static final int SSL_HEAD_BYTES = 5;
  private static final int SSL_AND_CERTIFICATE = 0x07;
  private static final int VERIFIED = 0;

  private ProxyHeaderWriter() {}

  /**
   * Encodes the header. Addresses that are not both IP (a Unix socket, say) make an "unspecified"
   * header, at which the receiver uses the address it sees itself.
   *
   * @param clientSocket with the client's real address and other data the home needs
   * @param listener the address that the client connected to
   */
  static ByteBuf encode(FrontendSocket clientSocket, @Nullable SocketAddress listener) {
    SocketAddress client = clientSocket.address();
    byte[] source = ip(client);
    byte[] target = ip(listener);
    if (client == null || listener == null || source == null || target == null) {
      return start(UNSPECIFIED, 0);
    }
    boolean v4 = source.length == IPV4_BYTES && target.length == IPV4_BYTES;
    int addressBytes = v4 ? IPV4_BYTES : IPV6_BYTES;
    byte[] certificate = certificate(clientSocket.certificateName());
    byte[] guards = guards(clientSocket.guardsName());
    int length = 2 * addressBytes + PORTS_BYTES + certificate.length + guards.length;
    return start(v4 ? TCP_OVER_IPV4 : TCP_OVER_IPV6, length)
        .writeBytes(v4 ? source : widen(source))
        .writeBytes(v4 ? target : widen(target))
        .writeShort(client.port())
        .writeShort(listener.port())
        .writeBytes(certificate)
        .writeBytes(guards);
  }

  /** The extension that names the guards of the listener: one of our own. */
  private static byte[] guards(@Nullable String name) {
    if (name == null) {
      return new byte[0];
    }
    byte[] utf8 = name.getBytes(StandardCharsets.UTF_8);
    ByteBuf out = Unpooled.buffer(TLV_HEAD_BYTES + utf8.length);
    return out.writeByte(TLV_GUARDS).writeShort(utf8.length).writeBytes(utf8).array();
  }

  /** The extension that says: over TLS, with a certificate that was verified, of this name. */
  private static byte[] certificate(@Nullable String name) {
    if (name == null) {
      return new byte[0];
    }
    byte[] utf8 = name.getBytes(StandardCharsets.UTF_8);
    ByteBuf out = Unpooled.buffer(2 * TLV_HEAD_BYTES + SSL_HEAD_BYTES + utf8.length);
    out.writeByte(TLV_SSL).writeShort(SSL_HEAD_BYTES + TLV_HEAD_BYTES + utf8.length);
    out.writeByte(SSL_AND_CERTIFICATE).writeInt(VERIFIED);
    out.writeByte(TLV_SSL_COMMON_NAME).writeShort(utf8.length).writeBytes(utf8);
    return out.array();
  }

  private static ByteBuf start(int familyAndTransport, int length) {
    return Unpooled.buffer(FIXED_BYTES + length)
        .writeBytes(SIGNATURE)
        .writeByte(VERSION_2_COMMAND_PROXY)
        .writeByte(familyAndTransport)
        .writeShort(length);
  }

  /** Four or sixteen bytes, or null; never asks DNS. IPv4 written as IPv6 becomes IPv4. */
  private static byte @Nullable [] ip(@Nullable SocketAddress address) {
    if (address == null || address.hostAddress() == null) {
      return null;
    }
    byte[] parsed = NetUtil.createByteArrayFromIpAddressString(address.hostAddress());
    if (parsed == null) {
      return null;
    }
    try {
      return InetAddress.getByAddress(parsed).getAddress();
    } catch (UnknownHostException e) {
      throw new IllegalStateException("an IP address of " + parsed.length + " bytes", e);
    }
  }

  /** IPv4 as an IPv4-mapped IPv6 address (RFC 4291, 2.5.5.2), for pairs of mixed families. */
  private static byte[] widen(byte[] address) {
    if (address.length == IPV6_BYTES) {
      return address;
    }
    byte[] mapped = new byte[IPV6_BYTES];
    mapped[10] = (byte) 0xFF;
    mapped[11] = (byte) 0xFF;
    System.arraycopy(address, 0, mapped, IPV6_BYTES - IPV4_BYTES, IPV4_BYTES);
    return mapped;
  }
}
