package dev.limpet.cluster.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code limpet where}. Confined to the main thread. */
@Command(
    name = "where",
    description = "Computes the home of a client id, whether or not the client exists.",
    mixinStandardHelpOptions = true,
    versionProvider = ManifestVersion.class)
public final class WhereCommand implements Callable<Integer> {

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
    JsonNode answer = http.client().get("/api/v1/where/" + NodeClient.encoded(clientId));
    spec.commandLine()
        .getOut()
        .println(http.isJson() ? answer.toString() : answer.path("home").asText());
    return 0;
  }
}
