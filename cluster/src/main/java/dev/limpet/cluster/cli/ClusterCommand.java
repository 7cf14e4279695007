package dev.limpet.cluster.cli;

import dev.limpet.cluster.cli.client.ManifestVersion;
import dev.limpet.cluster.cli.logging.Logging;
import dev.limpet.cluster.config.ConfigException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code limpet cluster}. Confined to the main thread. */
@Command(
    name = "cluster",
    description = {
      "Runs a cluster on this machine, one process per node, until Ctrl-C or SIGTERM.",
      "The nodes are named a, b, c and so on; further options reach them through the environment or"
          + " --config. Their log lines go to standard error."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false,
    versionProvider = ManifestVersion.class)
final class ClusterCommand implements Callable<Integer> {

  private static final int NODES_MAX = 26;

  /** The nodes take 9 seconds at most; then they are killed. */
  private static final Duration STOP_MAX = Duration.ofSeconds(15);

  @Option(
      names = "--nodes",
      paramLabel = "N",
      defaultValue = "3",
      description = "Number of nodes, 1 to " + NODES_MAX + ". Default: ${DEFAULT-VALUE}.")
  private int nodes;

  @Mixin
  @SuppressWarnings("NullAway.Init")
  private ClusterPorts ports;

  @Option(
      names = "--bind",
      paramLabel = "ADDR",
      defaultValue = "127.0.0.1",
      description = "Address that all ports listen on. Default: ${DEFAULT-VALUE}.")
  @SuppressWarnings("NullAway.Init")
  private String bind;

  @Option(
      names = "--allow-anonymous",
      description = "Admit clients without credentials, on any address. Default: false.")
  private boolean allowAnonymous;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "YAML file with options for each node. Default: none.")
  private @Nullable Path config;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description =
          "Directory for the nodes' log files, each in a folder of its name. Default: none.")
  private @Nullable Path data;

  @Option(
      names = "--heap-max",
      paramLabel = "MIB",
      defaultValue = "1024",
      description = "Maximum heap of each node, in MiB. Default: ${DEFAULT-VALUE}.")
  private int heapMaxMib;

  @Option(
      names = "--no-class-archive",
      description =
          "Start the nodes without the class archive that 'limpet archive' writes. Default: false.")
  private boolean noArchive;

  @Option(
      names = "--ready-max",
      paramLabel = "SECONDS",
      defaultValue = "60",
      description =
          "Time limit for all nodes to become ready, in seconds. Default: ${DEFAULT-VALUE}.")
  private int readySecondsMax;

  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  @Override
  public Integer call() {
    check();
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    Logging.forTerminal();
    try (EndSignal end = new EndSignal(STOP_MAX, err);
        RereadSignal reread = new RereadSignal();
        LocalCluster cluster = new LocalCluster(plans(), err)) {
      cluster.start(heapMaxMib, !noArchive);
      reread.then(cluster::readAgain);
      if (cluster.awaitReady(Duration.ofSeconds(readySecondsMax), end.requested())) {
        out.println(cluster.table());
        out.println("limpet cluster ready");
        out.flush();
        cluster.awaitEnd(end.requested());
      }
      cluster.close();
      end.finish(0);
    }
    return 0;
  }

  private void check() {
    if (nodes < 1 || nodes > NODES_MAX) {
      throw new ConfigException("--nodes is " + nodes + ": write a number from 1 to " + NODES_MAX);
    }
    if (!ports.fit(nodes)) {
      throw new ConfigException(
          "the ports of " + nodes + " nodes exceed the range from 1 to 65535: change a --*-base");
    }
    if (heapMaxMib < 64) {
      throw new ConfigException("--heap-max is " + heapMaxMib + ": write 64 or more");
    }
    if (readySecondsMax < 1) {
      throw new ConfigException("--ready-max is " + readySecondsMax + ": write 1 or more");
    }
  }

  private List<NodePlan> plans() {
    List<NodePlan> plans = new ArrayList<>();
    for (int index = 0; index < nodes; index++) {
      plans.add(plan(index));
    }
    return plans;
  }

  private NodePlan plan(int index) {
    String name = String.valueOf((char) ('a' + index));
    List<String> peers = new ArrayList<>();
    for (int peer = 0; peer < nodes; peer++) {
      peers.add(bind + ":" + ports.cluster(peer));
    }
    List<String> more = new ArrayList<>(List.of("--join", String.join(",", peers)));
    Optional.ofNullable(config)
        .ifPresent(file -> more.addAll(List.of("--config", file.toString())));
    Optional.ofNullable(data)
        .ifPresent(dir -> more.addAll(List.of("--data", dir.resolve(name).toString())));
    if (allowAnonymous) {
      more.add("--allow-anonymous");
    }
    return new NodePlan(
        name,
        bind,
        new NodePlan.Ports(
            ports.mqtt(index), ports.direct(index), ports.http(index), ports.cluster(index)),
        more);
  }
}
