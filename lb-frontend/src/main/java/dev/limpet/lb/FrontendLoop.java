package dev.limpet.lb;

import io.netty.channel.EventLoop;
import io.vertx.core.Context;
import io.vertx.core.Vertx;

/**
 * Groups the parts that sockets of one event loop share. Immutable; its parts are confined to the
 * loop.
 *
 * @param undecided sockets whose home is not known yet
 * @param context to connect from, so that both sides of a relay are on the same loop
 */
record FrontendLoop(UndecidedSockets undecided, Context context) {

  static FrontendLoop of(EventLoop loop, Vertx vertx, FrontendOptions options) {
    return new FrontendLoop(
        new UndecidedSockets(loop, options), VertxInternals.contextOn(loop, vertx));
  }
}
