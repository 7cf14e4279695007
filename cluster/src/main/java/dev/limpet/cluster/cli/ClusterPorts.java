package dev.limpet.cluster.cli;

import picocli.CommandLine.Option;

/**
 * Sets where the ports of a local cluster begin; each node takes the next one. Filled in by
 * picocli.
 */
final class ClusterPorts {

  @Option(
      names = "--mqtt-base",
      paramLabel = "PORT",
      defaultValue = "1883",
      description =
          "First sticky TCP port, which brings clients to their home. Default: ${DEFAULT-VALUE}.")
  private int mqtt;

  @Option(
      names = "--direct-base",
      paramLabel = "PORT",
      defaultValue = "1893",
      description =
          "First direct TCP port, which serves clients where they connect."
              + " Default: ${DEFAULT-VALUE}.")
  private int direct;

  @Option(
      names = "--http-base",
      paramLabel = "PORT",
      defaultValue = "8081",
      description = "First TCP port for HTTP. Default: ${DEFAULT-VALUE}.")
  private int http;

  @Option(
      names = "--cluster-base",
      paramLabel = "PORT",
      defaultValue = "5701",
      description = "First TCP port for traffic between the nodes. Default: ${DEFAULT-VALUE}.")
  private int cluster;

  int mqtt(int index) {
    return mqtt + index;
  }

  int direct(int index) {
    return direct + index;
  }

  int http(int index) {
    return http + index;
  }

  int cluster(int index) {
    return cluster + index;
  }

  /** Whether all ports of this many nodes are valid. */
  boolean fit(int nodes) {
    int highest = Math.max(Math.max(mqtt, direct), Math.max(http, cluster)) + nodes - 1;
    int lowest = Math.min(Math.min(mqtt, direct), Math.min(http, cluster));
    return lowest >= 1 && highest <= 65_535;
  }
}
