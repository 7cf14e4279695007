package dev.limpet.cluster.http;

import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.mqtt.Subscription;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** Writes the JSON of the HTTP interface; keys keep the order of the calls. Stateless. */
final class ApiJson {

  private ApiJson() {}

  static JsonObject error(String sentence) {
    return new JsonObject().put("error", sentence);
  }

  static JsonObject readiness(Readiness readiness) {
    JsonObject json = new JsonObject().put("status", readiness.state().word());
    if (!readiness.reason().isEmpty()) {
      json.put("reason", readiness.reason());
    }
    if (!readiness.missing().isEmpty()) {
      json.put("missing", new JsonArray(readiness.missing()));
    }
    return readiness.checks().isEmpty()
        ? json
        : json.put("checks", array(readiness.checks(), ApiJson::check));
  }

  private static JsonObject check(ReadinessCheck check) {
    JsonObject json = new JsonObject().put("name", check.name()).put("passed", check.passed());
    return check.note().isEmpty() ? json : json.put("note", check.note());
  }

  static JsonObject nodes(List<NodeStatus> nodes) {
    return new JsonObject().put("nodes", array(nodes, ApiJson::node));
  }

  private static JsonObject node(NodeStatus node) {
    return new JsonObject()
        .put("name", node.name())
        .put("state", node.state().word())
        .put("connections", node.connections())
        .put("sessions", node.sessions())
        .put("partitions", node.partitions())
        .put("http", node.http())
        .put("listeners", new JsonArray(node.listeners()));
  }

  static JsonObject page(ClientPage page) {
    return new JsonObject()
        .put("page", page.page())
        .put("size", page.size())
        .put("total", page.total())
        .put("clients", array(page.clients(), ApiJson::entry));
  }

  private static JsonObject entry(ClientPage.Entry entry) {
    return new JsonObject()
        .put("clientId", entry.clientId())
        .put("home", entry.home())
        .put("host", entry.host())
        .put("connected", entry.connected())
        .put("epoch", entry.epoch());
  }

  static JsonObject client(ClientDetail client) {
    ClientDetail.Whereabouts where = client.where();
    return new JsonObject()
        .put("clientId", where.clientId())
        .put("home", where.home())
        .put("host", where.host())
        .put("connected", where.connected())
        .put("address", where.address())
        .put("epoch", client.epoch())
        .put("durable", client.durable())
        .put("inbox", client.inbox())
        .put("subscriptions", array(client.subscriptions(), ApiJson::subscription));
  }

  private static JsonObject subscription(Subscription subscription) {
    return new JsonObject()
        .put("filter", subscription.filter().toString())
        .put("qos", subscription.maxQos().level())
        .put("noLocal", subscription.noLocal())
        .put("retainAsPublished", subscription.retainAsPublished())
        .put("retainHandling", word(subscription.retainHandling()))
        .put("id", subscription.subscriptionId() == 0 ? null : subscription.subscriptionId());
  }

  static JsonObject where(ClientId clientId, String home) {
    return new JsonObject().put("clientId", clientId.value()).put("home", home);
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static <T> JsonArray array(List<T> items, Function<T, JsonObject> toJson) {
    JsonArray array = new JsonArray();
    items.forEach(item -> array.add(toJson.apply(item)));
    return array;
  }
}
