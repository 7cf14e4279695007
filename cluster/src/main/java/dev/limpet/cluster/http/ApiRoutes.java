package dev.limpet.cluster.http;

import dev.limpet.broker.mqtt.ClientId;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Serves the HTTP interface, version 1, which is read-only. Immutable. */
final class ApiRoutes {

  private static final Logger LOG = LoggerFactory.getLogger(ApiRoutes.class);

  private static final String NODES = "/api/v1/nodes";
  private static final String CLIENTS = "/api/v1/clients";
  private static final String WHERE = "/api/v1/where";
  private static final int PAGE_SIZE = 100;

  /** Longer than Hazelcast notices a frozen node, so that its answer is one, not a guess. */
  private static final int ANSWER_SECONDS_MAX = 10;

  private final NodeView view;

  ApiRoutes(NodeView view) {
    this.view = view;
  }

  void mount(Router router) {
    // Client ids are read from the raw path: the router would fold dots and slashes within them.
    router.get().handler(context -> byClientId(context, CLIENTS, this::client));
    router.get().handler(context -> byClientId(context, WHERE, this::where));
    router.get(NODES).handler(context -> answer(context, view.nodes(), ApiJson::nodes));
    router.get(CLIENTS).handler(this::clients);
    router.errorHandler(404, context -> Answer.error(context, 404, "this path does not exist"));
    router.errorHandler(405, context -> Answer.error(context, 405, "use GET for this path"));
    router.errorHandler(400, context -> Answer.error(context, 400, "the request is malformed"));
    router.errorHandler(500, this::unexpected);
  }

  private void byClientId(
      RoutingContext context, String parent, BiConsumer<RoutingContext, ClientId> handler) {
    String path = context.request().path();
    if (path == null || !path.startsWith(parent + "/") || path.length() == parent.length() + 1) {
      context.next();
      return;
    }
    try {
      String encoded = path.substring(parent.length() + 1);
      handler.accept(context, ClientId.of(decoded(encoded)));
    } catch (IllegalArgumentException e) {
      Answer.error(context, 400, "the client id is not URL-encoded: " + e.getMessage());
    }
  }

  /** A plus is a space in forms only; in a path it is itself. */
  private static String decoded(String encoded) {
    return URLDecoder.decode(encoded.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  private void client(RoutingContext context, ClientId clientId) {
    await(
        context,
        view.client(clientId),
        found ->
            found.ifPresentOrElse(
                client -> Answer.ok(context, ApiJson.client(client)),
                () -> Answer.error(context, 404, "no client '" + clientId + "' is known")));
  }

  private void where(RoutingContext context, ClientId clientId) {
    view.homeOf(clientId)
        .ifPresentOrElse(
            home -> Answer.ok(context, ApiJson.where(clientId, home)),
            () -> Answer.error(context, 503, "this node is not in the cluster"));
  }

  private void clients(RoutingContext context) {
    try {
      int page = number(context, "page", 1, ClientPage.POSITION_MAX);
      int size = number(context, "size", PAGE_SIZE, ClientPage.SIZE_MAX);
      if ((long) page * size > ClientPage.POSITION_MAX) {
        throw new IllegalArgumentException(
            "page times size is at most " + ClientPage.POSITION_MAX + ": use the metrics instead");
      }
      answer(context, view.clients(page, size), ApiJson::page);
    } catch (IllegalArgumentException e) {
      Answer.error(context, 400, String.valueOf(e.getMessage()));
    }
  }

  private static int number(RoutingContext context, String parameter, int unsaid, int max) {
    String text = context.request().getParam(parameter);
    if (text == null) {
      return unsaid;
    }
    int number = text.matches("\\d{1,9}") ? Integer.parseInt(text) : 0;
    if (number < 1 || number > max) {
      throw new IllegalArgumentException(
          parameter + " is '" + text + "': write a number from 1 to " + max);
    }
    return number;
  }

  private <T> void answer(
      RoutingContext context, CompletionStage<T> stage, Function<T, JsonObject> toJson) {
    await(context, stage, value -> Answer.ok(context, toJson.apply(value)));
  }

  private <T> void await(RoutingContext context, CompletionStage<T> stage, Consumer<T> onValue) {
    Future.fromCompletionStage(stage, context.vertx().getOrCreateContext())
        .timeout(ANSWER_SECONDS_MAX, TimeUnit.SECONDS)
        .onSuccess(onValue::accept)
        .onFailure(cause -> unavailable(context, cause));
  }

  private static void unavailable(RoutingContext context, Throwable cause) {
    LOG.debug("{} was not answered", context.request().path(), cause);
    Answer.error(
        context,
        503,
        cause instanceof TimeoutException
            ? "the cluster did not answer within " + ANSWER_SECONDS_MAX + " seconds"
            : "the cluster did not answer: " + cause.getMessage());
  }

  private void unexpected(RoutingContext context) {
    LOG.warn("{} failed", context.request().path(), context.failure());
    Answer.error(context, 500, "this request failed; the node's log says why");
  }
}
