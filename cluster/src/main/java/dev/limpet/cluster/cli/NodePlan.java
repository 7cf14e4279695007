package dev.limpet.cluster.cli;

import dev.limpet.cluster.config.NetworkAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/**
 * Describes how to start one node of a local cluster. Immutable.
 *
 * @param moreOptions for {@code limpet node}, beside name, address and ports
 */
record NodePlan(String name, String bind, Ports ports, List<String> moreOptions) {

  NodePlan {
    moreOptions = List.copyOf(moreOptions);
  }

  /** The ports of a node. Immutable. */
  record Ports(int mqtt, int direct, int http, int cluster) {}

  /** The words after {@code limpet}. */
  List<String> arguments() {
    List<String> words =
        new ArrayList<>(
            List.of(
                "node",
                "--stop-with-parent",
                "--name",
                name,
                "--bind",
                bind,
                "--mqtt",
                String.valueOf(ports.mqtt()),
                "--direct",
                String.valueOf(ports.direct()),
                "--http",
                String.valueOf(ports.http()),
                "--cluster",
                String.valueOf(ports.cluster())));
    words.addAll(moreOptions);
    return words;
  }

  /** Where to ask it from this machine. */
  URI http() {
    String host = bind.equals("0.0.0.0") ? "127.0.0.1" : bind.equals("::") ? "::1" : bind;
    return URI.create("http://" + new NetworkAddress(host, ports.http()));
  }
}
