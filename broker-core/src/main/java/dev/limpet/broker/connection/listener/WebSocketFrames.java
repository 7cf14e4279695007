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
import org.jspecify.annotations.Nullable;

/**
 * Turns binary frames into a stream of bytes: packets may share a frame and frames may share a
 * packet [MQTT-6.0.0-2]. Outbound, it turns each packet into one frame ({@link PacketFrames}), and
 * each write into one write. Confined to its event loop; keeps the answer to one PING at most.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a write that fails shows as the channel's end
final class WebSocketFrames extends ChannelDuplexHandler {
  private final PacketFrames packets = new PacketFrames();
  private @Nullable WebSocketFrame pong;
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
      // A client that pings without reading gets few answers: allowed, unlike a growing queue.
      if (ctx.channel().isWritable()) {
        dropPong(); // the answer to the last PING answers those before it (RFC 6455 section 5.5.3)
        pong = new PongWebSocketFrame(frame.content().retain());
        answerPing(ctx);
        ctx.flush();
      }
    } else if (frame instanceof CloseWebSocketFrame close) {
      end(ctx, echo(close));
    } else if (frame instanceof TextWebSocketFrame) {
      end(
          ctx,
          new CloseWebSocketFrame(WebSocketCloseStatus.INVALID_MESSAGE_TYPE)); // [MQTT-6.0.0-1]
    }
  }

  /** Not in the middle of a packet's frame. */
  private void answerPing(ChannelHandlerContext ctx) {
    if (pong != null && !packets.isInside() && !closing) {
      ctx.write(pong);
      pong = null;
    }
  }

  private void dropPong() {
    ReferenceCountUtil.release(pong);
    pong = null;
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    dropPong();
  }

  private static CloseWebSocketFrame echo(CloseWebSocketFrame close) {
    return close.statusCode() < 0
        ? new CloseWebSocketFrame()
        : new CloseWebSocketFrame(true, 0, close.content().retain());
  }

  private void end(ChannelHandlerContext ctx, CloseWebSocketFrame last) {
    closing = true;
    if (packets.isInside()) {
      last.release();
      ctx.close();
    } else {
      ctx.writeAndFlush(last).addListener(written -> ctx.close());
    }
  }

  @Override
  public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
    if (!(message instanceof ByteBuf bytes)) {
      ctx.write(message, promise);
    } else if (closing) {
      bytes.release();
      promise.trySuccess(); // nothing may follow a close frame; the socket is about to end
    } else {
      ByteBuf framed = packets.frame(ctx.alloc(), bytes);
      bytes.release();
      ctx.write(framed, promise);
      answerPing(ctx);
    }
  }

  /** Says so before the socket ends, but does not wait for it to be read. */
  @Override
  public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
    if (!closing && ctx.channel().isActive()) {
      closing = true;
      if (!packets.isInside()) {
        ctx.writeAndFlush(new CloseWebSocketFrame(WebSocketCloseStatus.NORMAL_CLOSURE));
      }
    }
    ctx.close(promise);
  }
}
