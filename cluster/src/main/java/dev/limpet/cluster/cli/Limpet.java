package dev.limpet.cluster.cli;

import dev.limpet.cluster.cli.client.ClientCommand;
import dev.limpet.cluster.cli.client.ManifestVersion;
import dev.limpet.cluster.cli.client.StatusCommand;
import dev.limpet.cluster.cli.client.WhereCommand;
import dev.limpet.cluster.cli.heap.HeapEnd;
import dev.limpet.cluster.cli.logging.Logging;
import dev.limpet.cluster.config.NodeOptions;
import dev.limpet.cluster.http.NodeMetrics;
import dev.limpet.cluster.member.HazelcastNode;
import io.vertx.core.Vertx;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The {@code limpet} executable. Confined to the main thread. */
@Command(
    name = "limpet",
    description = "A clustered MQTT broker whose clients come home.",
    mixinStandardHelpOptions = true,
    versionProvider = ManifestVersion.class)
public final class Limpet implements Runnable {

  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  private Limpet() {}

  /** Runs the command line and ends the process with its exit status. */
  public static void main(String[] args) {
    HazelcastNode.requireCommonPool(); // before anything completes asynchronously
    System.exit(commandLine(new NodeCommand(System.getenv(), Limpet::realNode)).execute(args));
  }

  /** A node in a process of its own, which ends when the memory does or the node is stuck. */
  private static NodeProgram realNode(Vertx vertx, NodeOptions options, NodeMetrics metrics) {
    HeapEnd.install(options.name(), Logging::logFile);
    return new ClusteredNode(vertx, options, metrics)
        .whenStuck(StuckEnd.ofThisProcess(options.name()));
  }

  /** The whole command line, with its errors made into sentences. */
  static CommandLine commandLine(NodeCommand node) {
    CommandLine commandLine = new CommandLine(new Limpet());
    commandLine
        .addSubcommand(node.commandLine())
        .addSubcommand(new ClusterCommand())
        .addSubcommand(new StatusCommand())
        .addSubcommand(new ClientCommand())
        .addSubcommand(new WhereCommand())
        .addSubcommand(new ArchiveCommand())
        .addSubcommand(new PasswdCommand(PasswordSource::terminalOrInput));
    commandLine.setParameterExceptionHandler(ErrorMessages::usage);
    commandLine.setExecutionExceptionHandler(ErrorMessages::failure);
    commandLine.setUsageHelpAutoWidth(true);
    return commandLine;
  }

  @Override
  public void run() {
    PrintWriter err = spec.commandLine().getErr();
    spec.commandLine().usage(err);
    throw new ParameterException(spec.commandLine(), "say which command to run");
  }
}
