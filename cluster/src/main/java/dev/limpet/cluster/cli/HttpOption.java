package dev.limpet.cluster.cli;

import java.net.URI;
import picocli.CommandLine.Option;

/** Which node a command asks, and how it prints the answer. Filled in by picocli. */
final class HttpOption {

  @Option(
      names = "--http",
      paramLabel = "URL",
      defaultValue = "http://127.0.0.1:8081",
      description = "HTTP interface of any node of the cluster. Default: ${DEFAULT-VALUE}.")
  @SuppressWarnings("NullAway.Init")
  private URI http;

  @Option(
      names = "--json",
      description = "Print the node's answer as it is. Default: text for people.")
  private boolean json;

  NodeClient client() {
    return new NodeClient(http);
  }

  boolean isJson() {
    return json;
  }
}
