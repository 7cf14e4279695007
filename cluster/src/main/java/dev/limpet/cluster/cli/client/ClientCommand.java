package dev.limpet.cluster.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code limpet client}. Confined to the main thread. */
@Command(
    name = "client",
    description = "Shows one client: home, host, epoch, session, subscriptions, inbox.",
    mixinStandardHelpOptions = true,
    versionProvider = ManifestVersion.class)
public final class ClientCommand implements Callable<Integer> {

  @Parameters(paramLabel = "ID", description = "The client id.")
  @SuppressWarnings("NullAway.Init")
  private String clientId;

  @Mixin
  @SuppressWarnings("NullAway.Init")
  private HttpOption http;

  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  @Override
  public Integer call() {
    JsonNode client = http.client().get("/api/v1/clients/" + NodeClient.encoded(clientId));
    spec.commandLine().getOut().println(http.isJson() ? client.toString() : text(client));
    return 0;
  }

  private static TextTable text(JsonNode client) {
    boolean connected = client.path("connected").asBoolean();
    TextTable text = new TextTable("client", client.path("clientId").asText());
    text.add("home", client.path("home").asText());
    text.add("host", connected ? client.path("host").asText() : "none: it is offline");
    text.add("address", client.path("address").asText("unknown"));
    text.add("epoch", client.path("epoch").asLong());
    text.add("session", client.path("durable").asBoolean() ? "durable" : "transient");
    text.add("inbox", client.path("inbox").asInt() + " unacknowledged");
    text.add("subscriptions", subscriptions(client.path("subscriptions")));
    return text;
  }

  private static String subscriptions(JsonNode subscriptions) {
    return subscriptions.isEmpty()
        ? "none"
        : StreamSupport.stream(subscriptions.spliterator(), false)
            .map(each -> each.path("filter").asText() + " (QoS " + each.path("qos").asInt() + ")")
            .sorted()
            .collect(Collectors.joining(", "));
  }
}
