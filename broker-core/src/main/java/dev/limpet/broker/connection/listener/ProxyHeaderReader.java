package dev.limpet.broker.connection.listener;

import io.netty.buffer.ByteBuf;
import io.netty.util.NetUtil;
import io.vertx.core.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Reads the PROXY header, version 1 or 2 (proxy-protocol.txt, sections 2.1 and 2.2), strictly: the
 * first byte that does not belong there ends it. Stateless.
 */
final class ProxyHeaderReader {
  private static final byte[] V1_PREFIX = "PROXY ".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] V2_PREFIX = {
    0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A
  };

  /** The longest line of version 1, with CR and LF. */
  private static final int V1_BYTES_MAX = 107;

  private static final int PORT_MAX = 65_535;

  private ProxyHeaderReader() {}

  /**
   * Reads a whole header and leaves the bytes after it.
   *
   * @return null when more bytes are needed; then nothing was read
   * @throws ProxyHeaderException when no bytes could make a header of these
   */
  static @Nullable ProxyHeader read(ByteBuf in) {
    if (!in.isReadable()) {
      return null;
    }
    boolean v1 = in.getByte(in.readerIndex()) == V1_PREFIX[0];
    return isWhole(in, v1 ? V1_PREFIX : V2_PREFIX)
        ? v1 ? readLine(in) : ProxyHeaderV2.read(in)
        : null;
  }

  private static boolean isWhole(ByteBuf in, byte[] prefix) {
    int length = Math.min(prefix.length, in.readableBytes());
    for (int i = 0; i < length; i++) {
      if (in.getByte(in.readerIndex() + i) != prefix[i]) {
        throw new ProxyHeaderException("no PROXY header");
      }
    }
    return length == prefix.length;
  }

  private static @Nullable ProxyHeader readLine(ByteBuf in) {
    int length = Math.min(V1_BYTES_MAX, in.readableBytes());
    int end = in.indexOf(in.readerIndex(), in.readerIndex() + length, (byte) '\n');
    if (end < 0) {
      if (length == V1_BYTES_MAX) {
        throw new ProxyHeaderException("a PROXY line of more than 107 bytes");
      }
      return null;
    }
    String line =
        in.readCharSequence(end + 1 - in.readerIndex(), StandardCharsets.US_ASCII).toString();
    if (!line.endsWith("\r\n")) {
      throw new ProxyHeaderException("a PROXY line without CR");
    }
    return parse(line.substring(V1_PREFIX.length, line.length() - 2).split(" ", -1));
  }

  private static ProxyHeader parse(String[] words) {
    if (words[0].equals("UNKNOWN")) {
      return ProxyHeader.UNKNOWN; // the rest is to be ignored
    }
    boolean v4 = words[0].equals("TCP4");
    if (words.length != 5 || !(v4 || words[0].equals("TCP6"))) {
      throw new ProxyHeaderException("a PROXY line with unknown words");
    }
    requireAddress(words[1], v4);
    requireAddress(words[2], v4);
    port(words[4]);
    return new ProxyHeader(SocketAddress.inetSocketAddress(port(words[3]), words[1]), null, null);
  }

  private static void requireAddress(String text, boolean v4) {
    boolean valid =
        v4
            ? NetUtil.isValidIpV4Address(text)
            : NetUtil.isValidIpV6Address(text) && text.indexOf('%') < 0;
    if (!valid) {
      throw new ProxyHeaderException("a PROXY line with a wrong address");
    }
  }

  private static int port(String text) {
    if (!text.matches("0|[1-9]\\d{0,4}") || Integer.parseInt(text) > PORT_MAX) {
      throw new ProxyHeaderException("a PROXY line with a wrong port");
    }
    return Integer.parseInt(text);
  }
}
