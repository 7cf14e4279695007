package dev.limpet.lb;

import io.netty.channel.EventLoop;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;

/**
 * What the sockets of one event loop share. Immutable; its parts are confined to the loop.
 *
 * @param undecided sockets whose home is not known yet
 * @param context to connect from, so that both sides of a relay are on the same loop
 */
record FrontendLoop(UndecidedSockets undecided, ContextInternal context) {

  static FrontendLoop of(EventLoop loop, VertxInternal vertx, FrontendOptions options) {
    return new FrontendLoop(
        new UndecidedSockets(loop, options), vertx.contextBuilder().withEventLoop(loop).build());
  }
}
