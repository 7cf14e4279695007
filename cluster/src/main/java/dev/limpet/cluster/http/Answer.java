package dev.limpet.cluster.http;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import io.vertx.core.json.jackson.JacksonCodec;
import io.vertx.ext.web.RoutingContext;

/** Answers a request with JSON. Stateless. */
final class Answer {

  private static final String JSON = "application/json";

  /** The codec {@link JsonObject#encode} uses without Jackson's databind, which costs 3 MiB. */
  private static final JacksonCodec CODEC = new JacksonCodec();

  private Answer() {}

  static void ok(RoutingContext context, JsonObject body) {
    send(context, 200, body);
  }

  static void error(RoutingContext context, int status, String sentence) {
    send(context, status, ApiJson.error(sentence));
  }

  /** Says nothing when the response is on its way already, or the other side is gone. */
  static void send(RoutingContext context, int status, JsonObject body) {
    if (context.response().ended() || context.response().closed()) {
      return;
    }
    HttpServerResponse response =
        context.response().setStatusCode(status).putHeader(HttpHeaders.CONTENT_TYPE, JSON);
    if (context.request().method().equals(HttpMethod.HEAD)) {
      response.end();
    } else {
      response.end(CODEC.toString(body, false) + "\n");
    }
  }
}
