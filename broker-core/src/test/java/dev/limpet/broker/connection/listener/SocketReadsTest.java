package dev.limpet.broker.connection.listener;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.broker.io.SocketReads;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.Test;

/** Sockets read to buffers of their own until what they read is looked at at once. */
class SocketReadsTest {
  private final ChannelInboundHandlerAdapter before = new ChannelInboundHandlerAdapter();
  private final ChannelInboundHandlerAdapter reader = new ChannelInboundHandlerAdapter();
  private final EmbeddedChannel channel = new EmbeddedChannel(before, reader);

  SocketReadsTest() {
    SocketReads.attachTo(channel);
  }

  private RecvByteBufAllocator.Handle handle() {
    RecvByteBufAllocator.Handle handle =
        channel.config().<RecvByteBufAllocator>getRecvByteBufAllocator().newHandle();
    handle.reset(channel.config());
    return handle;
  }

  private static ByteBuf read(RecvByteBufAllocator.Handle handle) {
    return handle.allocate(UnpooledByteBufAllocator.DEFAULT);
  }

  private void share() {
    SocketReads.shareFor(channel.pipeline().context(reader));
  }

  @Test
  void a_socket_has_buffers_of_its_own_at_first_and_behind_other_handlers() {
    RecvByteBufAllocator.Handle handle = handle();
    share();
    ByteBuf one = read(handle);
    ByteBuf other = read(handle);
    assertThat(one).isNotSameAs(other);
    assertThat(one.release()).isTrue();
    assertThat(other.release()).isTrue();
  }

  @Test
  void sockets_share_a_buffer_that_nobody_keeps() {
    channel.pipeline().remove(before);
    share();
    ByteBuf first = read(handle());
    first.writeInt(1);
    first.release();
    ByteBuf second = read(handle());
    assertThat(second).isSameAs(first);
    assertThat(second.isReadable()).isFalse();
    second.release();
  }

  @Test
  void a_shared_buffer_that_somebody_keeps_is_theirs() {
    channel.pipeline().remove(before);
    share();
    ByteBuf kept = read(handle());
    kept.writeInt(7);
    ByteBuf next = read(handle());
    next.writeInt(8);
    assertThat(kept.readInt()).isEqualTo(7);
    next.release();
    assertThat(kept.release()).isTrue();
  }
}
