package dev.limpet.broker.connection.codec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.broker.connection.codec.wire.PacketException;
import dev.limpet.broker.mqtt.ConnectRequest;
import dev.limpet.broker.mqtt.ProtocolVersion;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Any bytes against the codec: they are packets or refused with a reason, come out the same however
 * they are cut, and a packet read is the packet that is read from what is written for it.
 *
 * <p>The first byte of an input picks the end and version, the second the size of the pieces.
 */
public final class CodecFuzzTarget {
  private static final int PACKET_BYTES_MAX = 4_000;
  private static final ProtocolVersion[] VERSIONS = ProtocolVersion.values();

  private CodecFuzzTarget() {}

  /** What came of some bytes: packets, then the reason why no more did. */
  private record Outcome(List<Packet> packets, @Nullable PacketException refusal) {
    @Nullable Object reason() {
      return refusal == null ? null : refusal.reason();
    }
  }

  /** All wire vectors, each as its end reads it. */
  static Stream<byte[]> seeds() {
    return WireVectors.all()
        .filter(vector -> vector.hex().length() < 2 * PACKET_BYTES_MAX)
        .map(CodecFuzzTarget::seed);
  }

  private static byte[] seed(WireVector vector) {
    ByteBuf bytes = vector.bytes();
    byte[] seed = new byte[2 + bytes.readableBytes()];
    bytes.readBytes(seed, 2, seed.length - 2);
    int server = vector.packet() instanceof Packet.Connect ? 0 : 1 + vector.version().ordinal();
    seed[0] = (byte) (vector.fromClient() ? server : 4 + vector.version().ordinal());
    seed[1] = 3;
    return seed;
  }

  /** Called by Jazzer. */
  public static void fuzzerTestOneInput(byte[] data) {
    if (data.length < 2) {
      return;
    }
    int end = data[0] & 0x07;
    if (end == 7) {
      return;
    }
    ByteBuf bytes = Unpooled.wrappedBuffer(data, 2, data.length - 2);
    PacketDecoder decoder = decoder(end);
    Outcome whole = decodeAll(decoder, bytes.duplicate(), new ArrayList<>());
    Outcome pieces = decodeInPieces(decoder(end), bytes, 1 + (data[1] & 0x3F));
    assertThat(pieces.packets()).isEqualTo(whole.packets());
    assertThat(pieces.reason()).isEqualTo(whole.reason());
    ProtocolVersion version = decoder.version();
    // A 3.x server's codes are fewer than what a client may be told by one that errs.
    if (version != null && (end < 4 || version.isV5())) {
      whole.packets().forEach(packet -> assertReadsBack(packet, version, end >= 4));
    }
  }

  private static PacketDecoder decoder(int end) {
    if (end == 0) {
      return new PacketDecoder(PACKET_BYTES_MAX);
    }
    return end < 4
        ? Hex.connected(VERSIONS[end - 1], PACKET_BYTES_MAX)
        : PacketDecoder.forClient(VERSIONS[end - 4], PACKET_BYTES_MAX);
  }

  private static Outcome decodeAll(PacketDecoder decoder, ByteBuf in, List<Packet> packets) {
    try {
      for (Packet packet = decoder.decode(in); packet != null; packet = decoder.decode(in)) {
        packets.add(packet);
      }
      return new Outcome(packets, null);
    } catch (PacketException e) {
      return new Outcome(packets, e);
    }
  }

  private static Outcome decodeInPieces(PacketDecoder decoder, ByteBuf bytes, int pieceBytes) {
    ByteBuf in = Unpooled.buffer();
    Outcome outcome = new Outcome(new ArrayList<>(), null);
    while (bytes.isReadable() && outcome.refusal() == null) {
      in.writeBytes(bytes, Math.min(pieceBytes, bytes.readableBytes()));
      outcome = decodeAll(decoder, in, outcome.packets());
    }
    return outcome;
  }

  private static void assertReadsBack(Packet packet, ProtocolVersion version, boolean fromServer) {
    ByteBuf out = Unpooled.buffer();
    assertThat(new PacketEncoder(version).write(out, packet)).isTrue();
    int max = ConnectRequest.PACKET_BYTES_MAX;
    PacketDecoder decoder =
        fromServer
            ? PacketDecoder.forClient(version, max)
            : packet instanceof Packet.Connect
                ? new PacketDecoder(max)
                : Hex.connected(version, max);
    assertThat(decoder.decode(out)).isEqualTo(packet);
    assertThat(out.isReadable()).isFalse();
  }
}
