package dev.limpet.broker.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.vertx.core.buffer.Buffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BinaryReaderTest {

  private static BinaryReader reading(int... bytes) {
    Buffer buffer = Buffer.buffer();
    for (int value : bytes) {
      buffer.appendByte((byte) value);
    }
    return new BinaryReader(buffer);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 127, 128, 16_383, 16_384, Integer.MAX_VALUE, Long.MAX_VALUE})
  void a_varint_is_read_back(long value) {
    Buffer out = new BinaryWriter(Buffer.buffer()).varint(value).buffer();
    BinaryReader in = new BinaryReader(out);
    assertThat(in.varint()).isEqualTo(value);
    assertThat(in.remaining()).isZero();
  }

  @Test
  void a_varint_of_ten_bytes_is_refused() {
    BinaryReader in = reading(255, 255, 255, 255, 255, 255, 255, 255, 255, 1);
    assertThatIllegalArgumentException().isThrownBy(in::varint);
  }

  @Test
  void an_announced_length_beyond_the_end_is_refused_before_anything_is_allocated() {
    assertThatIllegalArgumentException().isThrownBy(reading(255, 255, 255, 255, 7, 1)::bytes);
    assertThatIllegalArgumentException().isThrownBy(reading(255, 255, 255, 255, 7, 1)::string);
    assertThatIllegalArgumentException()
        .isThrownBy(reading(255, 255, 255, 255, 7, 1)::nullableString);
    assertThatIllegalArgumentException().isThrownBy(() -> reading(3, 1, 1, 1, 1, 1).count(2));
  }

  @Test
  void bytes_that_are_no_utf8_are_refused() {
    assertThatIllegalArgumentException().isThrownBy(reading(2, 0xC0, 0x80)::string);
    assertThatIllegalArgumentException().isThrownBy(reading(3, 0xED, 0xA0, 0x80)::string);
  }

  @Test
  void null_and_empty_are_told_apart() {
    Buffer out =
        new BinaryWriter(Buffer.buffer())
            .nullableString(null)
            .nullableString("")
            .nullableBytes(null)
            .nullableBytes(Buffer.buffer())
            .buffer();
    BinaryReader in = new BinaryReader(out);
    assertThat(in.nullableString()).isNull();
    assertThat(in.nullableString()).isEmpty();
    assertThat(in.nullableBytes()).isNull();
    assertThat(in.nullableBytes()).isEqualTo(Buffer.buffer());
    in.requireEnd();
  }

  @Test
  void what_is_left_over_is_reported() {
    assertThatIllegalArgumentException().isThrownBy(reading(1)::requireEnd);
  }
}
