package dev.limpet.broker.io;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoopGroup;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.internal.buffer.BufferInternal;

/** Wraps calls to Vert.x's non-public API. Stateless. */
public final class VertxInternals {
  private VertxInternals() {}

  /** The event loops of an instance, which become the lanes. */
  public static EventLoopGroup eventLoops(Vertx vertx) {
    return ((VertxInternal) vertx).nettyEventLoopGroup();
  }

  /** A new context on one of the event loops. */
  public static Context eventLoopContext(Vertx vertx) {
    return ((VertxInternal) vertx).createEventLoopContext();
  }

  /** Returns the content of a buffer, not copied. */
  public static ByteBuf bytes(Buffer buffer) {
    return ((BufferInternal) buffer).unwrap();
  }

  /** A buffer that holds these bytes, not copied. */
  public static Buffer buffer(ByteBuf bytes) {
    return BufferInternal.buffer(bytes);
  }
}
