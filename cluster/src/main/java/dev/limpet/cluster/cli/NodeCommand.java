package dev.limpet.cluster.cli;

import dev.limpet.cluster.cli.client.ManifestVersion;
import dev.limpet.cluster.cli.heap.HeapTrimmer;
import dev.limpet.cluster.cli.logging.Logging;
import dev.limpet.cluster.config.NodeOptions;
import dev.limpet.cluster.config.Setting;
import dev.limpet.cluster.config.Settings;
import dev.limpet.cluster.config.YamlFile;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code limpet node}. Confined to the main thread. */
@Command(
    name = "node",
    description = {
      "Runs one node of a cluster until SIGTERM or Ctrl-C.",
      "Every option is also a key of the YAML file and an environment variable; an option given here"
          + " overrides the environment, and the environment overrides the file."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false,
    exitCodeListHeading = "Exit status:%n",
    exitCodeList = {
      "0:stopped on request",
      "1:failed, for example because a port was in use, or did not stop in time",
      "2:an option, or a file it names, cannot be used",
      "3:ran out of memory, or was stuck: start it again"
    },
    versionProvider = ManifestVersion.class)
final class NodeCommand implements Callable<Integer> {

  private static final String CONFIG_VARIABLE = "LIMPET_CONFIG";

  /** Operators' tools wait this long before they kill; all bounds of the stop itself are lower. */
  private static final Duration STOP_MAX = Duration.ofSeconds(9);

  private static final Duration JOIN_MAX = Duration.ofSeconds(20);

  private final Map<String, String> environment;
  private final NodeProgram.Factory factory;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "YAML file with options. Default: none. (" + CONFIG_VARIABLE + ")")
  private @Nullable Path config;

  @Option(
      names = "--stop-with-parent",
      description =
          "Stop when standard input ends, as it does when the parent process dies. Default:"
              + " false.")
  private boolean stopWithParent;

  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  NodeCommand(Map<String, String> environment, NodeProgram.Factory factory) {
    this.environment = environment;
    this.factory = factory;
  }

  /** The command with a flag for each option. */
  CommandLine commandLine() {
    CommandLine commandLine = new CommandLine(this);
    NodeFlags.addTo(commandLine.getCommandSpec());
    return commandLine;
  }

  @Override
  public Integer call() {
    Logging.whileReading();
    NodeOptions options = NodeOptions.of(settings());
    Logging.forNode(options);
    HeapTrimmer.prepare();
    PrintWriter err = spec.commandLine().getErr();
    Settings.slipsInEnvironment(environment).forEach(slip -> err.println("limpet: " + slip));
    try (EndSignal end = new EndSignal(STOP_MAX, err);
        RereadSignal reread = new RereadSignal()) {
      if (stopWithParent) {
        end.watchParent(System.in, reread::request);
      }
      new Preflight(options, JOIN_MAX).check(end.requested());
      if (!end.requested().isDone()) {
        new NodeRun(options, factory).run(end, reread);
      }
      end.finish(0);
    }
    return 0;
  }

  private Settings settings() {
    List<Collection<Setting>> sources = new ArrayList<>();
    sources.add(NodeFlags.read(spec.commandLine().getParseResult()));
    sources.add(Settings.ofEnvironment(environment));
    Optional.ofNullable(config)
        .or(() -> Optional.ofNullable(environment.get(CONFIG_VARIABLE)).map(Path::of))
        .ifPresent(file -> sources.add(YamlFile.read(file)));
    return Settings.merge(sources);
  }
}
