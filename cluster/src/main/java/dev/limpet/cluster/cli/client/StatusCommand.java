package dev.limpet.cluster.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code limpet status}. Confined to the main thread. */
@Command(
    name = "status",
    description = "Shows the nodes of a cluster: state, connections, sessions, partitions owned.",
    mixinStandardHelpOptions = true,
    versionProvider = ManifestVersion.class)
public final class StatusCommand implements Callable<Integer> {

  @Mixin
  @SuppressWarnings("NullAway.Init")
  private HttpOption http;

  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  @Override
  public Integer call() {
    JsonNode answer = http.client().get("/api/v1/nodes");
    spec.commandLine().getOut().println(http.isJson() ? answer.toString() : table(answer));
    return 0;
  }

  private static TextTable table(JsonNode answer) {
    TextTable table =
        new TextTable("NODE", "STATE", "CONNECTIONS", "SESSIONS", "PARTITIONS", "HTTP");
    for (JsonNode node : answer.path("nodes")) {
      table.add(
          node.path("name").asText(),
          node.path("state").asText(),
          node.path("connections").asInt(),
          node.path("sessions").asInt(),
          node.path("partitions").asInt(),
          node.path("http").asText());
    }
    return table;
  }
}
