package dev.limpet.broker.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** A connection keeps what was not read yet, and no more. */
class UnreadBytesTest {
  private static final int READ_BYTES = 1_000;

  @Test
  void packets_that_never_end_with_a_read_do_not_pile_up() {
    ByteBuf unread = null;
    for (int i = 0; i < 10_000; i++) {
      unread = UnreadBytes.join(UnpooledByteBufAllocator.DEFAULT, unread, read((byte) i));
      unread.skipBytes(unread.readableBytes() - 1);
      unread = UnreadBytes.trim(UnpooledByteBufAllocator.DEFAULT, unread);
      assertThat(unread).isNotNull();
      assertThat(unread.getByte(unread.readerIndex())).isEqualTo((byte) i);
    }
    assertThat(unread.capacity()).isLessThan(16 * READ_BYTES);
    unread.release();
  }

  @Test
  void what_was_read_to_its_end_is_released() {
    ByteBuf bytes = read((byte) 1);
    bytes.skipBytes(READ_BYTES);
    assertThat(UnreadBytes.trim(UnpooledByteBufAllocator.DEFAULT, bytes)).isNull();
    assertThat(bytes.refCnt()).isZero();
  }

  @Test
  void what_is_left_in_a_buffer_of_others_moves_to_one_of_its_own() {
    ByteBuf shared = read((byte) 1).retain();
    shared.skipBytes(READ_BYTES - 1);
    ByteBuf left = UnreadBytes.trim(UnpooledByteBufAllocator.DEFAULT, shared);
    assertThat(shared.refCnt()).isOne();
    shared.setZero(0, READ_BYTES);
    assertThat(left).isNotNull().isNotSameAs(shared);
    assertThat(left.readableBytes()).isOne();
    assertThat(left.readByte()).isEqualTo((byte) 1);
    left.release();
    shared.release();
  }

  private static ByteBuf read(byte value) {
    byte[] bytes = new byte[READ_BYTES];
    Arrays.fill(bytes, value);
    return Unpooled.copiedBuffer(bytes);
  }
}
