package dev.limpet.lb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.broker.connection.codec.Packet;
import dev.limpet.broker.connection.codec.PacketDecoder;
import dev.limpet.broker.connection.codec.wire.PacketException;
import dev.limpet.broker.mqtt.ConnectRequest;
import dev.limpet.lb.ConnectPrefix.Identified;
import dev.limpet.lb.ConnectPrefix.Incomplete;
import dev.limpet.lb.ConnectPrefix.LeftToBroker;
import dev.limpet.lb.ConnectPrefix.Result;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Any bytes against the sniffer: it decides the same however they are cut, always knows how many
 * more it needs, and takes no client for another than the broker's codec does.
 */
public final class SnifferFuzzTarget {
  private SnifferFuzzTarget() {}

  static Stream<byte[]> seeds() {
    return Stream.of(
        Packets.connect31("old"),
        Packets.connect311("a"),
        Packets.connect311(""),
        Packets.connect311("\u00e4\ud83d\ude00"),
        Packets.connect311WithWill("will", "payload"),
        Packets.connect5("five", new byte[0]),
        Packets.connect5("", Packets.userProperty(3)),
        Packets.connect5("five", Packets.userProperty(200)),
        Packets.join(Packets.connect311("a"), Packets.SUBSCRIBE, Packets.PUBLISH),
        Packets.PUBLISH,
        Packets.hex("10 0D 0004 4D515454 04 03 003C 0001 61"),
        Packets.hex("10 0E 0004 4D515454 06 02 003C 00 0001 61"),
        Packets.hex("10 FF FF FF 7F 0004 4D515454 05 02 003C FF FF FF 7F"),
        Packets.hex("10 0E 0004 4D515454 04 02 003C 0002 C080"));
  }

  /** Called by Jazzer. */
  public static void fuzzerTestOneInput(byte[] data) {
    Result whole = ConnectPrefix.parse(Unpooled.wrappedBuffer(data));
    Result pieces = new Incomplete(1);
    for (int length = 0; pieces instanceof Incomplete asked && length < data.length; ) {
      assertThat(asked.bytesMin()).isGreaterThan(length);
      // As many as it asked for: it must not be wrong about fewer.
      int next = Math.min(data.length, asked.bytesMin());
      if (next > length + 1) {
        assertThat(ConnectPrefix.parse(Unpooled.wrappedBuffer(data, 0, next - 1)))
            .isNotInstanceOf(Identified.class);
      }
      length = next;
      pieces = ConnectPrefix.parse(Unpooled.wrappedBuffer(data, 0, length));
    }
    assertThat(pieces.getClass()).isEqualTo(whole.getClass());
    if (whole instanceof Identified) {
      assertThat(pieces).isEqualTo(whole);
    }
    assertAgrees(whole, Unpooled.wrappedBuffer(data));
  }

  private static void assertAgrees(Result sniffed, ByteBuf bytes) {
    String clientId = clientId(bytes);
    if (clientId == null) {
      return; // the broker will refuse it, or waits for what follows the client id
    }
    if (clientId.isEmpty()) {
      assertThat(sniffed).isInstanceOf(LeftToBroker.class);
    } else {
      assertThat(sniffed).isEqualTo(new Identified(clientId));
    }
  }

  /** The codec's; null when it reads no CONNECT. */
  private static @Nullable String clientId(ByteBuf bytes) {
    try {
      Packet packet = new PacketDecoder(ConnectRequest.PACKET_BYTES_MAX).decode(bytes);
      return packet instanceof Packet.Connect connect ? connect.request().clientId() : null;
    } catch (PacketException e) {
      return null;
    }
  }
}
