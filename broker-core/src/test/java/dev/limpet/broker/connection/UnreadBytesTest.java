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
      unread = UnreadBytes.trim(unread);
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
    assertThat(UnreadBytes.trim(bytes)).isNull();
    assertThat(bytes.refCnt()).isZero();
  }

  @Test
  void bytes_that_others_hold_stay_where_they_are() {
    ByteBuf bytes = read((byte) 1).retain();
    bytes.skipBytes(READ_BYTES - 1);
    assertThat(UnreadBytes.trim(bytes)).isSameAs(bytes);
    assertThat(bytes.readerIndex()).isEqualTo(READ_BYTES - 1);
    bytes.release(2);
  }

  private static ByteBuf read(byte value) {
    byte[] bytes = new byte[READ_BYTES];
    Arrays.fill(bytes, value);
    return Unpooled.copiedBuffer(bytes);
  }
}
