package dev.limpet.broker.io;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.Arrays;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** A connection keeps what was not read yet, and no more. */
class UnreadBytesTest {
  private static final int READ_BYTES = 1_000;

  private final UnreadBytes unread = new UnreadBytes();

  @Test
  void packets_that_never_end_with_a_read_do_not_pile_up() {
    for (int i = 0; i < 10_000; i++) {
      unread.add(UnpooledByteBufAllocator.DEFAULT, read((byte) i));
      ByteBuf bytes = bytes();
      bytes.skipBytes(bytes.readableBytes() - 1);
      unread.trim(UnpooledByteBufAllocator.DEFAULT);
      assertThat(bytes().getByte(bytes().readerIndex())).isEqualTo((byte) i);
    }
    assertThat(bytes().capacity()).isLessThan(16 * READ_BYTES);
    unread.release();
    assertThat(unread.bytes()).isNull();
  }

  @Test
  void what_was_read_to_its_end_is_released() {
    ByteBuf read = read((byte) 1);
    unread.add(UnpooledByteBufAllocator.DEFAULT, read);
    read.skipBytes(READ_BYTES);
    unread.trim(UnpooledByteBufAllocator.DEFAULT);
    assertThat(unread.bytes()).isNull();
    assertThat(read.refCnt()).isZero();
  }

  @Test
  void what_is_left_in_a_buffer_of_others_moves_to_one_of_its_own() {
    ByteBuf shared = read((byte) 1).retain();
    unread.add(UnpooledByteBufAllocator.DEFAULT, shared);
    shared.skipBytes(READ_BYTES - 1);
    unread.trim(UnpooledByteBufAllocator.DEFAULT);
    assertThat(shared.refCnt()).isOne();
    shared.setZero(0, READ_BYTES);
    assertThat(bytes()).isNotSameAs(shared);
    assertThat(bytes().readableBytes()).isOne();
    assertThat(bytes().readByte()).isEqualTo((byte) 1);
    unread.release();
    shared.release();
  }

  private ByteBuf bytes() {
    return Objects.requireNonNull(unread.bytes());
  }

  private static ByteBuf read(byte value) {
    byte[] bytes = new byte[READ_BYTES];
    Arrays.fill(bytes, value);
    return Unpooled.copiedBuffer(bytes);
  }
}
