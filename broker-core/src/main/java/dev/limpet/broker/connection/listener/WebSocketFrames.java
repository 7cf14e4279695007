package dev.limpet.broker.connection.listener;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.util.ReferenceCountUtil;

/**
 * Makes a stream of bytes of binary frames and back: packets may share a frame and frames may share
 * a packet [MQTT-6.0.0-2]. Confined to its event loop; keeps no bytes.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a write that fails shows as the channel's end
final class WebSocketFrames extends ChannelDuplexHandler {
  private boolean closing;

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (closing || !(message instanceof WebSocketFrame frame)) {
      ReferenceCountUtil.release(message);
      return;
    }
    if (frame instanceof BinaryWebSocketFrame || frame instanceof ContinuationWebSocketFrame) {
      ctx.fireChannelRead(frame.content());
      return;
    }
    try {
      control(ctx, frame);
    } finally {
      frame.release();
    }
  }

  private void control(ChannelHandlerContext ctx, WebSocketFrame frame) {
    if (frame instanceof PingWebSocketFrame) {
      // Whoever pings without reading gets no answer to most: that is allowed, a queue is not.
      if (ctx.channel().isWritable()) {
        ctx.writeAndFlush(new PongWebSocketFrame(frame.content().retain()));
      }
    } else if (frame instanceof CloseWebSocketFrame close) {
      end(ctx, echo(close));
    } else if (frame instanceof TextWebSocketFrame) {
      end(
          ctx,
          new CloseWebSocketFrame(WebSocketCloseStatus.INVALID_MESSAGE_TYPE)); // [MQTT-6.0.0-1]
    }
  }

  private static CloseWebSocketFrame echo(CloseWebSocketFrame close) {
    return close.statusCode() < 0
        ? new CloseWebSocketFrame()
        : new CloseWebSocketFrame(true, 0, close.content().retain());
  }

  private void end(ChannelHandlerContext ctx, CloseWebSocketFrame last) {
    closing = true;
    ctx.writeAndFlush(last).addListener(written -> ctx.close());
  }

  @Override
  public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
    if (!(message instanceof ByteBuf bytes)) {
      ctx.write(message, promise);
    } else if (closing) {
      bytes.release();
      promise.trySuccess(); // nothing may follow a close frame; the socket is about to end
    } else {
      ctx.write(bytes.isReadable() ? new BinaryWebSocketFrame(bytes) : bytes, promise);
    }
  }

  /** Says so before the socket ends, but does not wait for it to be read. */
  @Override
  public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
    if (!closing && ctx.channel().isActive()) {
      closing = true;
      ctx.writeAndFlush(new CloseWebSocketFrame(WebSocketCloseStatus.NORMAL_CLOSURE));
    }
    ctx.close(promise);
  }
}
