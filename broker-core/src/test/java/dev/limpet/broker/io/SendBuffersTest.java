package dev.limpet.broker.io;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.util.concurrent.FastThreadLocal;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What connections gather in is used again, within bounds. */
class SendBuffersTest {
  private static final ByteBufAllocator ALLOCATOR = new UnpooledByteBufAllocator(true);

  private final SendBuffers buffers = SendBuffers.ofThisLane();

  @AfterEach
  void endOfThread() {
    FastThreadLocal.removeAll();
  }

  @Test
  void the_last_one_given_back_is_taken_next_and_is_empty() {
    ByteBuf first = buffers.take(ALLOCATOR);
    ByteBuf second = buffers.take(ALLOCATOR);
    second.writeInt(1);
    buffers.giveBack(first);
    buffers.giveBack(second);
    assertThat(buffers.take(ALLOCATOR)).isSameAs(second);
    assertThat(second.isReadable()).isFalse();
    second.release();
  }

  @Test
  void no_more_than_so_many_are_kept() {
    List<ByteBuf> taken = take(1_500);
    taken.forEach(buffers::giveBack);
    assertThat(taken.stream().filter(each -> each.refCnt() > 0)).hasSize(1_024);
  }

  @Test
  void no_more_than_so_many_bytes_are_kept() {
    List<ByteBuf> taken = take(5);
    taken.forEach(each -> each.ensureWritable(1 << 20));
    taken.forEach(buffers::giveBack);
    assertThat(taken.stream().filter(each -> each.refCnt() > 0)).hasSize(4);
  }

  @Test
  void the_bytes_that_are_kept_are_counted() {
    assertThat(buffers.keptBytes()).isZero();
    List<ByteBuf> taken = take(3);
    taken.forEach(buffers::giveBack);
    assertThat(buffers.keptBytes()).isEqualTo(3 * taken.get(0).capacity());
    take(1).forEach(ByteBuf::release);
    assertThat(buffers.keptBytes()).isEqualTo(2 * taken.get(0).capacity());
    FastThreadLocal.removeAll();
    assertThat(buffers.keptBytes()).isZero();
  }

  @Test
  void those_that_are_kept_are_released_when_the_thread_ends() {
    List<ByteBuf> taken = take(10);
    taken.forEach(buffers::giveBack);
    FastThreadLocal.removeAll();
    assertThat(taken).allMatch(each -> each.refCnt() == 0);
  }

  private List<ByteBuf> take(int count) {
    List<ByteBuf> taken = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      taken.add(buffers.take(ALLOCATOR));
    }
    return taken;
  }
}
