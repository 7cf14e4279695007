package dev.limpet.cluster.cli;

import dev.limpet.cluster.cli.client.CliException;
import dev.limpet.cluster.cli.client.ManifestVersion;
import dev.limpet.cluster.cli.logging.Logging;
import dev.limpet.cluster.cli.start.ClassArchive;
import dev.limpet.cluster.cli.start.TrialClient;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code limpet archive}. Confined to the main thread. */
@Command(
    name = "archive",
    description = {
      "Lets nodes start in half the time: writes the classes they load to limpet.jsa beside"
          + " limpet.jar, and the flags that use it to limpet.args.",
      "'limpet cluster' uses it by itself, others by 'java @limpet.args -jar limpet.jar ...'. Run"
          + " it again after a change of the JDK or limpet.jar; the JVM ignores an outdated archive."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false,
    versionProvider = ManifestVersion.class)
final class ArchiveCommand implements Callable<Integer> {

  private static final int HEAP_MAX_MIB = 256;
  private static final int CLIENTS = 20;

  @Option(
      names = "--wait-max",
      paramLabel = "SECONDS",
      defaultValue = "120",
      description =
          "Time limit for the trial run of two nodes, in seconds. Default: ${DEFAULT-VALUE}.")
  private int secondsMax;

  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter err = spec.commandLine().getErr();
    Logging.forTerminal();
    ClassArchive archive =
        LimpetProcess.archive()
            .orElseThrow(
                () ->
                    new CliException(
                        "only the executable jar has a class archive: run java -jar limpet.jar"));
    try {
      Path written = archive.begin();
      err.println("limpet: two nodes start and stop again, to learn which classes they load ...");
      err.flush();
      record(archive, written, err);
      archive.publish(written);
      spec.commandLine()
          .getOut()
          .printf("%s (%d MiB)%n", archive.file(), Files.size(archive.file()) >> 20);
    } catch (IOException e) {
      throw new CliException(
          "the class archive %s cannot be made: %s"
              .formatted(archive.file(), e.getClass() == IOException.class ? e.getMessage() : e),
          e);
    }
    return 0;
  }

  private void record(ClassArchive archive, Path target, PrintWriter err) throws IOException {
    Files.delete(target); // the JVM writes a new file
    List<Integer> ports = freePorts(8);
    String join = "127.0.0.1:" + ports.get(3) + ",127.0.0.1:" + ports.get(7);
    NodePlan recorded = plan("recorded", ports.subList(0, 4), join);
    NodePlan peer = plan("peer", ports.subList(4, 8), join);
    ChildNode first =
        ChildNode.start(
            recorded,
            LimpetProcess.recording(archive, target, HEAP_MAX_MIB, recorded.arguments()),
            err);
    ChildNode second =
        ChildNode.start(peer, LimpetProcess.command(HEAP_MAX_MIB, false, peer.arguments()), err);
    try {
      tryOut(first, second);
      first.stop();
      requireEnd(first);
    } finally {
      first.kill();
      second.kill();
    }
  }

  private void tryOut(ChildNode first, ChildNode second) throws IOException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(secondsMax);
    CompletableFuture<String> never = new CompletableFuture<>();
    if (!first.awaitReady(2, deadline, never) || !second.awaitReady(2, deadline, never)) {
      throw new IOException("the nodes of the trial were not ready in " + secondsMax + " seconds");
    }
    for (int client = 0; client < CLIENTS; client++) {
      ChildNode node = client % 2 == 0 ? first : second;
      TrialClient.run(node.plan().ports().mqtt(), "trial" + client);
    }
  }

  private void requireEnd(ChildNode node) throws IOException {
    int status = node.exitStatus(secondsMax);
    if (status != 0) {
      throw new IOException(
          status < 0
              ? "the node of the trial did not end in " + secondsMax + " seconds"
              : node.epitaph());
    }
  }

  private static NodePlan plan(String name, List<Integer> ports, String join) {
    return new NodePlan(
        name,
        "127.0.0.1",
        new NodePlan.Ports(ports.get(0), ports.get(1), ports.get(2), ports.get(3)),
        List.of(
            "--join", join, "--cluster-name", "trial-" + join.hashCode(), "--log-level", "warn"));
  }

  private static List<Integer> freePorts(int count) throws IOException {
    List<ServerSocket> sockets = new ArrayList<>();
    try {
      for (int i = 0; i < count; i++) {
        sockets.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
      }
      return sockets.stream().map(ServerSocket::getLocalPort).toList();
    } finally {
      for (ServerSocket socket : sockets) {
        socket.close();
      }
    }
  }
}
