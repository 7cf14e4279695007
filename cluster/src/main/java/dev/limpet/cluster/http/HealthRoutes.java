package dev.limpet.cluster.http;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

/** Serves health to balancers and supervisors, and metrics to Prometheus. Immutable. */
final class HealthRoutes {

  private static final String PROMETHEUS_TEXT = "text/plain; version=0.0.4; charset=utf-8";

  private final Vertx vertx;
  private final NodeView view;
  private final NodeMetrics metrics;

  HealthRoutes(Vertx vertx, NodeView view, NodeMetrics metrics) {
    this.vertx = vertx;
    this.view = view;
    this.metrics = metrics;
  }

  void mount(Router router) {
    health(router, "/health/live")
        .handler(context -> Answer.ok(context, new JsonObject().put("status", "live")));
    health(router, "/health/ready").handler(this::ready);
    router.get("/metrics").handler(this::metrics);
  }

  /** Balancers like to ask with HEAD, and HAProxy's {@code option httpchk} asks with OPTIONS. */
  private static Route health(Router router, String path) {
    return router
        .route(path)
        .method(HttpMethod.GET)
        .method(HttpMethod.HEAD)
        .method(HttpMethod.OPTIONS);
  }

  private void ready(RoutingContext context) {
    Readiness readiness = view.readiness();
    Answer.send(context, readiness.isReady() ? 200 : 503, ApiJson.readiness(readiness));
  }

  /** Off the event loop: a scrape visits every meter. */
  private void metrics(RoutingContext context) {
    vertx
        .executeBlocking(metrics::scrape, false)
        .onFailure(context::fail)
        .onSuccess(
            text ->
                context.response().putHeader(HttpHeaders.CONTENT_TYPE, PROMETHEUS_TEXT).end(text));
  }
}
