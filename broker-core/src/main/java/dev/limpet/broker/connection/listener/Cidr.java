package dev.limpet.broker.connection.listener;

import io.netty.util.NetUtil;
import java.util.function.Predicate;

/**
 * Represents a range of addresses, written {@code 10.0.0.0/8}, {@code fd00::/8} or as one address.
 * Immutable.
 */
public final class Cidr implements Predicate<String> {
  private final byte[] network;
  private final int prefixBits;

  private Cidr(byte[] network, int prefixBits) {
    this.network = network;
    this.prefixBits = prefixBits;
  }

  /**
   * @throws IllegalArgumentException when it is not a range; the message says why
   */
  public static Cidr parse(String text) {
    int slash = text.indexOf('/');
    String address = slash < 0 ? text : text.substring(0, slash);
    byte[] network = bytes(address);
    if (network == null) {
      throw new IllegalArgumentException("'" + address + "' is not an IP address");
    }
    int bitsMax = network.length * Byte.SIZE;
    String digits = slash < 0 ? String.valueOf(bitsMax) : text.substring(slash + 1);
    if (!digits.matches("\\d{1,3}") || Integer.parseInt(digits) > bitsMax) {
      throw new IllegalArgumentException("'" + digits + "' is not a prefix of 0 to " + bitsMax);
    }
    return new Cidr(network, Integer.parseInt(digits));
  }

  /** Whether a literal address lies in the range; an IPv4 one written as IPv6 counts as IPv4. */
  @Override
  public boolean test(String host) {
    byte[] address = bytes(host);
    if (address == null || address.length != network.length) {
      return false;
    }
    for (int bit = 0; bit < prefixBits; bit++) {
      int mask = 0x80 >>> bit % Byte.SIZE;
      if ((address[bit / Byte.SIZE] & mask) != (network[bit / Byte.SIZE] & mask)) {
        return false;
      }
    }
    return true;
  }

  private static byte[] bytes(String host) {
    byte[] bytes = NetUtil.createByteArrayFromIpAddressString(host);
    if (bytes == null || bytes.length == Integer.BYTES) {
      return bytes;
    }
    boolean mapped = bytes[10] == -1 && bytes[11] == -1;
    for (int i = 0; i < 10; i++) {
      mapped &= bytes[i] == 0;
    }
    return mapped ? new byte[] {bytes[12], bytes[13], bytes[14], bytes[15]} : bytes;
  }
}
