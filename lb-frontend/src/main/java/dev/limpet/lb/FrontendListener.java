package dev.limpet.lb;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The part of a frontend that lives on one event loop: Vert.x spreads the accepted sockets over all
 * servers of one address. Confined to its event loop.
 */
final class FrontendListener extends VerticleBase {

  private final FrontendParts parts;
  private final NetServerOptions options;
  private final AtomicInteger boundPort;
  private final Supplier<Duration> grace;
  private @Nullable NetServer server;

  FrontendListener(
      FrontendParts parts,
      NetServerOptions options,
      AtomicInteger boundPort,
      Supplier<Duration> grace) {
    this.parts = parts;
    this.options = options;
    this.boundPort = boundPort;
    this.grace = grace;
  }

  @Override
  public Future<?> start() {
    NetServer created = vertx.createNetServer(options);
    server = created;
    ContextInternal home = (ContextInternal) context;
    return created
        .connectHandler(
            socket ->
                parts.doorstep().enter(socket, visitor -> Handshake.start(parts, visitor, home)))
        .listen()
        .onSuccess(listening -> boundPort.set(listening.actualPort()));
  }

  @Override
  public Future<?> stop() {
    NetServer started = server;
    return started == null ? Future.succeededFuture() : started.shutdown(grace.get());
  }
}
