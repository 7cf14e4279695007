package dev.limpet.cluster.config;

import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * Represents a host and a port, written {@code HOST:PORT} or {@code [IPV6]:PORT}. Immutable.
 *
 * @param host a literal address without brackets, or a name
 * @param port 0 to 65535
 */
public record NetworkAddress(String host, int port) {

  public static final int PORT_MAX = 65_535;

  /**
   * Reads the address of a peer.
   *
   * @param where the setting it was found in, for the sentence
   */
  static NetworkAddress parse(String text, String where) {
    int colon = text.lastIndexOf(':');
    String host = colon < 0 ? "" : text.substring(0, colon);
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
    } else if (host.indexOf(':') >= 0) {
      host = "";
    }
    String digits = text.substring(colon + 1);
    boolean isPort = digits.matches("\\d{1,5}") && Integer.parseInt(digits) <= PORT_MAX;
    if (host.isEmpty() || !isPort || Integer.parseInt(digits) == 0) {
      throw new ConfigException(
          where + " names '" + text + "': write HOST:PORT with a port from 1 to 65535");
    }
    return new NetworkAddress(host, Integer.parseInt(digits));
  }

  /** Whether only this machine can reach the host; a name that does not resolve is not loopback. */
  public boolean isLoopback() {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }

  @Override
  public String toString() {
    return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
  }
}
