package dev.limpet.cluster.cli.client;

import dev.limpet.cluster.config.ConfigException;
import dev.limpet.cluster.config.NetworkAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import picocli.CommandLine.Option;

/** Selects the node a command asks, and how it prints the answer. Filled in by picocli. */
final class HttpOption {

  @Option(
      names = "--http",
      paramLabel = "URL",
      defaultValue = "http://127.0.0.1:8081",
      description = "HTTP address of any node of the cluster. Default: ${DEFAULT-VALUE}.")
  @SuppressWarnings("NullAway.Init")
  private String http;

  @Option(names = "--json", description = "Print the node's JSON. Default: readable text.")
  private boolean json;

  /**
   * For the node that was named.
   *
   * @throws ConfigException when it was not named by an HTTP address
   */
  NodeClient client() {
    try {
      URI node = new URI(http);
      boolean isHttp = List.of("http", "https").contains(String.valueOf(node.getScheme()));
      if (isHttp && node.getHost() != null && node.getPort() <= NetworkAddress.PORT_MAX) {
        return new NodeClient(node);
      }
    } catch (URISyntaxException e) {
      throw new ConfigException(noAddress(), e);
    }
    throw new ConfigException(noAddress());
  }

  private String noAddress() {
    return "--http is '" + http + "': write http://HOST:PORT";
  }

  boolean isJson() {
    return json;
  }
}
