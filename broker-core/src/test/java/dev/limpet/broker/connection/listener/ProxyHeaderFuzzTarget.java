package dev.limpet.broker.connection.listener;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.handler.codec.haproxy.HAProxyMessageDecoder;
import io.netty.util.NetUtil;
import io.vertx.core.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Any bytes against the reader of PROXY headers: read, refused or waited for the same however they
 * are cut, never more than one header long, and naming whom Netty's own decoder names.
 */
public final class ProxyHeaderFuzzTarget {
  private static final String V2 = "0d0a0d0a000d0a515549540a";

  /** The longest header: 16 bytes and the 4,096 that are allowed. */
  private static final int HEADER_BYTES_MAX = 4_112;

  private ProxyHeaderFuzzTarget() {}

  /** What some bytes are: a header and its length, too few, or none (both fields null and -1). */
  private record Outcome(@Nullable ProxyHeader header, int bytes) {}

  private static final Outcome REFUSED = new Outcome(null, -1);

  static Stream<byte[]> seeds() {
    Stream<byte[]> lines =
        Stream.of(
                "PROXY TCP4 1.2.3.4 5.6.7.8 65535 0\r\nrest",
                "PROXY TCP6 2001:db8::1 ::1 1 2\r\n",
                "PROXY UNKNOWN whatever it says\r\n",
                "PROXY UNKNOWN\r\n",
                "PROXY TCP4 1.2.3.4 5.6.7.8 65536 0\r\n")
            .map(line -> line.getBytes(StandardCharsets.US_ASCII));
    String ipv6 = "20010db8000000000000000000000001";
    Stream<byte[]> binaries =
        Stream.of(
                V2 + "2111000c0102030405060708ffff0000",
                V2 + "2111000f0102030405060708ffff0000040000",
                V2 + "2111001c0102030405060708ffff000020000d0700000000220005616c696365",
                V2 + "21210024" + ipv6 + ipv6 + "00010002",
                V2 + "20000000",
                V2 + "21000000" + V2 + "21000000",
                V2 + "2111ffff")
            .map(ByteBufUtil::decodeHexDump);
    return Stream.concat(lines, binaries);
  }

  /** Called by Jazzer. */
  public static void fuzzerTestOneInput(byte[] data) {
    Outcome whole = read(Unpooled.wrappedBuffer(data));
    Outcome pieces = new Outcome(null, 0);
    int length = 0;
    while (pieces.equals(new Outcome(null, 0)) && length < data.length) {
      pieces = read(Unpooled.wrappedBuffer(data, 0, ++length));
      assertThat(length).isLessThanOrEqualTo(HEADER_BYTES_MAX + 1);
    }
    assertThat(pieces).isEqualTo(whole);
    if (whole.header() != null) {
      assertThat(whole.bytes()).isEqualTo(length).isLessThanOrEqualTo(HEADER_BYTES_MAX);
      assertNamedByNetty(whole.header().source(), data, length);
    }
  }

  private static Outcome read(ByteBuf in) {
    try {
      ProxyHeader header = ProxyHeaderReader.read(in);
      if (header == null) {
        assertThat(in.readerIndex()).isZero();
      }
      return new Outcome(header, in.readerIndex());
    } catch (ProxyHeaderException e) {
      return REFUSED;
    }
  }

  /** What Netty refuses is more (it looks into the addresses nobody uses), but no name differs. */
  private static void assertNamedByNetty(@Nullable SocketAddress source, byte[] data, int length) {
    EmbeddedChannel netty = new EmbeddedChannel(new HAProxyMessageDecoder());
    try {
      netty.writeInbound(Unpooled.wrappedBuffer(data, 0, length));
      HAProxyMessage message = netty.readInbound();
      if (message != null && message.sourceAddress() != null && source != null) {
        assertThat(source.port()).isEqualTo(message.sourcePort());
        assertThat(NetUtil.createByteArrayFromIpAddressString(source.hostAddress()))
            .isEqualTo(NetUtil.createByteArrayFromIpAddressString(message.sourceAddress()));
      }
      if (message != null) {
        message.release();
      }
    } catch (DecoderException stricter) {
      assertThat(length).isPositive();
    } finally {
      netty.finishAndReleaseAll();
    }
  }
}
