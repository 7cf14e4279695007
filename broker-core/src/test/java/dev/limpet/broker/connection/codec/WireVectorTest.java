package dev.limpet.broker.connection.codec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.broker.connection.codec.wire.PacketException;
import dev.limpet.broker.spec.Spec;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class WireVectorTest {

  static Stream<WireVector> vectors() {
    return WireVectors.all();
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void bytes_become_the_packet(WireVector vector) {
    ByteBuf in = vector.bytes();
    assertThat(vector.decoder().decode(in)).isEqualTo(vector.packet());
    assertThat(in.isReadable()).isFalse();
  }

  @ParameterizedTest
  @MethodSource("vectors")
  @Spec(
      v3 = {"MQTT-2.2.2-1", "MQTT-2.3.1-5"},
      v5 = {"MQTT-2.1.3-1", "MQTT-2.2.1-2", "MQTT-2.2.2-1", "MQTT-3.2.2-1"})
  void the_packet_becomes_the_bytes(WireVector vector) {
    ByteBuf out = Unpooled.buffer();
    assertThat(new PacketEncoder(vector.version()).write(out, vector.packet())).isTrue();
    assertThat(Hex.of(out)).isEqualToIgnoringCase(vector.hex());
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void a_packet_cut_anywhere_waits_for_more(WireVector vector) {
    ByteBuf whole = vector.bytes();
    for (int length = 0; length < whole.readableBytes(); length++) {
      ByteBuf part = whole.slice(0, length);
      assertThat(vector.decoder().decode(part)).as("%d bytes", length).isNull();
      assertThat(part.readerIndex()).isZero();
    }
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void bytes_that_come_one_by_one_make_the_same_packet(WireVector vector) {
    PacketDecoder decoder = vector.decoder();
    ByteBuf whole = vector.bytes();
    ByteBuf in = Unpooled.directBuffer();
    Packet packet = null;
    while (whole.isReadable()) {
      assertThat(packet).isNull();
      in.writeByte(whole.readByte());
      packet = decoder.decode(in);
    }
    assertThat(packet).isEqualTo(vector.packet());
    in.release();
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void a_packet_leaves_what_follows_it(WireVector vector) {
    ByteBuf in = Unpooled.buffer().writeBytes(vector.bytes()).writeBytes(vector.bytes());
    PacketDecoder decoder = vector.decoder();
    assertThat(decoder.decode(in)).isEqualTo(vector.packet());
    assertThat(decoder.decode(in)).isEqualTo(vector.packet());
    assertThat(decoder.decode(in)).isNull();
  }

  /** All but the shortest acknowledgements, which are written to any client. */
  static Stream<WireVector> vectorsOfAnySize() {
    return vectors()
        .filter(v -> !(v.packet() instanceof Packet.Acknowledgement) || v.hex().length() > 10);
  }

  @ParameterizedTest
  @MethodSource("vectorsOfAnySize")
  void a_packet_one_byte_above_the_limit_is_not_written(WireVector vector) {
    int bytes = vector.bytes().readableBytes();
    ByteBuf out = Unpooled.buffer();
    PacketEncoder exact = new PacketEncoder(vector.version(), bytes, true);
    assertThat(exact.write(out, vector.packet())).isTrue();
    assertThat(out.readableBytes()).isEqualTo(bytes);
    PacketEncoder tooSmall = new PacketEncoder(vector.version(), bytes - 1, true);
    if (tooSmall.write(out.clear(), vector.packet())) {
      // Only what may be left out made it fit.
      assertThat(out.readableBytes()).isLessThan(bytes);
    } else {
      assertThat(out.isReadable()).isFalse();
    }
  }

  @Test
  void damaged_packets_are_packets_or_refused() {
    long seed = Long.getLong("limpet.seed", System.nanoTime());
    Random random = new Random(seed);
    WireVector[] vectors = vectors().toArray(WireVector[]::new);
    int refused = 0;
    for (int round = 0; round < 50_000; round++) {
      WireVector vector = vectors[random.nextInt(vectors.length)];
      ByteBuf in = vector.bytes();
      for (int i = random.nextInt(3); i >= 0; i--) {
        in.setByte(random.nextInt(in.readableBytes()), random.nextInt(256));
      }
      String hex = Hex.of(in);
      try {
        vector.decoder().decode(in);
      } catch (PacketException expected) {
        refused++;
      } catch (RuntimeException e) {
        throw new AssertionError("seed " + seed + ", " + vector + ": " + hex, e);
      }
    }
    assertThat(refused).as("seed %d", seed).isPositive();
  }
}
