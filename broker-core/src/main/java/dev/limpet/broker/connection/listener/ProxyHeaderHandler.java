package dev.limpet.broker.connection.listener;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.util.ReferenceCountUtil;
import java.util.function.Consumer;

/**
 * Strips the PROXY header from the start of a connection, then removes itself. Confined to its
 * event loop; holds at most one header and one read.
 */
final class ProxyHeaderHandler extends ChannelInboundHandlerAdapter {
  private final Consumer<ProxyHeader> onHeader;
  private ByteBuf held = Unpooled.EMPTY_BUFFER;
  private boolean done;

  /**
   * @param onHeader installs the handler for the bytes that follow
   */
  ProxyHeaderHandler(Consumer<ProxyHeader> onHeader) {
    this.onHeader = onHeader;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (done || !(message instanceof ByteBuf bytes)) {
      ReferenceCountUtil.release(message);
      return;
    }
    held = ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(ctx.alloc(), held, bytes);
    ProxyHeader header;
    try {
      header = ProxyHeaderReader.read(held);
    } catch (ProxyHeaderException e) {
      done = true;
      release();
      ctx.fireExceptionCaught(e);
      return;
    }
    if (header != null) {
      done = true;
      ByteBuf rest = held;
      held = Unpooled.EMPTY_BUFFER;
      onHeader.accept(header);
      ctx.pipeline().remove(this);
      if (rest.isReadable()) {
        ctx.fireChannelRead(rest);
      } else {
        rest.release();
      }
    }
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    release();
  }

  private void release() {
    held.release();
    held = Unpooled.EMPTY_BUFFER;
  }
}
