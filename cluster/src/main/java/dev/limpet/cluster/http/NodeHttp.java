package dev.limpet.cluster.http;

import io.micrometer.core.instrument.Gauge;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Runs the HTTP server of a node. Thread-safe: a counter, and Vert.x's server.
 *
 * <p>At most {@value #CONNECTIONS_MAX} connections, each of them closed after {@value
 * #IDLE_SECONDS} silent seconds; connections beyond that are closed at once.
 */
public final class NodeHttp {

  static final int CONNECTIONS_MAX = 512;
  static final int IDLE_SECONDS = 30;

  /** A client id has up to 65,535 bytes, each of them three characters when encoded. */
  private static final int REQUEST_LINE_BYTES_MAX = 3 * 65_535 + 1_024;

  private final HttpServer server;
  private final AtomicInteger connections = new AtomicInteger();

  /**
   * @param vertx runs the server
   * @param view of the node; asked on event loops
   * @param metrics served here; this server registers its own
   */
  public NodeHttp(Vertx vertx, NodeView view, NodeMetrics metrics) {
    Router router = Router.router(vertx);
    new HealthRoutes(vertx, view, metrics).mount(router);
    new ApiRoutes(view).mount(router);
    server =
        vertx
            .createHttpServer(
                new HttpServerOptions()
                    .setIdleTimeout(IDLE_SECONDS)
                    .setIdleTimeoutUnit(TimeUnit.SECONDS)
                    .setMaxInitialLineLength(REQUEST_LINE_BYTES_MAX))
            .connectionHandler(this::connected)
            .requestHandler(router);
    Gauge.builder("limpet.http.connections", connections, AtomicInteger::get)
        .description("Open connections to the HTTP port")
        .register(metrics.registry());
  }

  /**
   * Opens the port.
   *
   * @param port 0 for any free one
   * @return the port it listens on
   */
  public Future<Integer> listen(String host, int port) {
    return server.listen(port, host).map(HttpServer::actualPort);
  }

  /** Closes the port and its connections. */
  public Future<Void> close() {
    return server.close();
  }

  private void connected(HttpConnection connection) {
    connection.closeHandler(closed -> connections.decrementAndGet());
    if (connections.incrementAndGet() > CONNECTIONS_MAX) {
      connection.close();
    }
  }
}
