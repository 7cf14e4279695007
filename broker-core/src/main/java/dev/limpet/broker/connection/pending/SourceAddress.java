package dev.limpet.broker.connection.pending;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * Identifies the source of sockets: an IPv4 address, or the first 64 bits of an IPv6 address, since
 * one host usually owns the whole /64. Immutable.
 *
 * @param bits the 32 or 64 bits that count
 */
public record SourceAddress(long bits, boolean isIpv6) {
  private static final int IPV4_BYTES = 4;
  private static final int PREFIX_BYTES = 8;

  /** Of a socket's peer; an IPv4 address written as IPv6 is the IPv4 one. */
  public static SourceAddress of(InetAddress address) {
    return ofBytes(address.getAddress());
  }

  /** Of a literal address; null when it is none. */
  public static @Nullable SourceAddress parse(@Nullable String literal) {
    byte[] bytes = literal == null ? null : NetUtil.createByteArrayFromIpAddressString(literal);
    return bytes == null ? null : ofBytes(bytes);
  }

  private static SourceAddress ofBytes(byte[] bytes) {
    if (bytes.length == IPV4_BYTES) {
      return new SourceAddress(number(bytes, 0, IPV4_BYTES), false);
    }
    boolean mapped = number(bytes, 0, PREFIX_BYTES) == 0 && number(bytes, 8, 4) == 0xFFFF;
    return mapped
        ? new SourceAddress(number(bytes, 12, IPV4_BYTES), false)
        : new SourceAddress(number(bytes, 0, PREFIX_BYTES), true);
  }

  private static long number(byte[] bytes, int from, int count) {
    long number = 0;
    for (int i = from; i < from + count; i++) {
      number = number << Byte.SIZE | (bytes[i] & 0xFF);
    }
    return number;
  }

  /** {@code 10.0.0.1} or {@code 2001:db8:0:1::/64}. */
  @Override
  public String toString() {
    if (!isIpv6) {
      return "%d.%d.%d.%d"
          .formatted(bits >> 24 & 0xFF, bits >> 16 & 0xFF, bits >> 8 & 0xFF, bits & 0xFF);
    }
    return "%x:%x:%x:%x::/64"
        .formatted(bits >>> 48, bits >> 32 & 0xFFFF, bits >> 16 & 0xFFFF, bits & 0xFFFF);
  }
}
