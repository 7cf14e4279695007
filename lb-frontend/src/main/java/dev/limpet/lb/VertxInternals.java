package dev.limpet.lb;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.NetSocket;

/** Contains all uses of Vert.x's non-public API in this module. Stateless. */
final class VertxInternals {
  private VertxInternals() {}

  static EventLoopGroup eventLoops(Vertx vertx) {
    return ((VertxInternal) vertx).nettyEventLoopGroup();
  }

  /** A context on an event loop. */
  static Context contextOn(EventLoop loop, Vertx vertx) {
    return ((VertxInternal) vertx).contextBuilder().withEventLoop(loop).build();
  }

  /** Runs a task on a context, at once: the caller is on its event loop. */
  static void dispatch(Context context, Runnable task) {
    ((ContextInternal) context).dispatch(task);
  }

  /** Vert.x' own handler in the pipeline of a socket. */
  static ChannelHandlerContext handler(NetSocket socket) {
    return ((NetSocketInternal) socket).channelHandlerContext();
  }
}
