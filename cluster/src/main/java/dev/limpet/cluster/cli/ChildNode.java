package dev.limpet.cluster.cli;

import dev.limpet.cluster.cli.client.CliException;
import dev.limpet.cluster.cli.client.NodeClient;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Controls one node's process. It dies with this one: its standard input is a pipe from here, and
 * it stops when that closes, for whatever reason. Thread-safe: the process handle holds the state.
 */
final class ChildNode {

  private static final String READY = "/health/ready";
  private static final int POLL_MILLIS = 100;

  private final NodePlan plan;
  private final Process process;
  private final PrintWriter err;
  private final NodeClient client;

  private ChildNode(NodePlan plan, Process process, PrintWriter err) {
    this.plan = plan;
    this.err = err;
    this.process = process;
    this.client = new NodeClient(plan.http());
  }

  /**
   * Starts a node.
   *
   * @param command the words to start its process
   * @param err gets its output, each line prefixed with its name
   */
  static ChildNode start(NodePlan plan, List<String> command, PrintWriter err) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      Thread reader = new Thread(() -> copy(plan.name(), process, err), "limpet-" + plan.name());
      reader.setDaemon(true);
      reader.start();
      return new ChildNode(plan, process, err);
    } catch (IOException e) {
      throw new CliException("node " + plan.name() + " could not be started: " + e.getMessage(), e);
    }
  }

  NodePlan plan() {
    return plan;
  }

  long pid() {
    return process.pid();
  }

  /** Completes when the process has ended. */
  CompletableFuture<Process> ended() {
    return process.onExit();
  }

  /**
   * Waits until the node is ready in a cluster of this size.
   *
   * @return false when there was no time, or the process has ended
   */
  boolean awaitReady(int nodes, long deadlineNanos, CompletableFuture<String> end) {
    while (!isReady(nodes)) {
      if (hasEndedSoon() || end.isDone() || System.nanoTime() - deadlineNanos > 0) {
        return false;
      }
    }
    return true;
  }

  private boolean isReady(int nodes) {
    try {
      return client.isOk(READY) && client.get("/api/v1/nodes").path("nodes").size() == nodes;
    } catch (CliException e) {
      return false;
    }
  }

  /** Explains why the node is not ready in a cluster of this size. */
  String whatItWaitsFor(int nodes) {
    try {
      if (client.isOk(READY)) {
        int seen = client.get("/api/v1/nodes").path("nodes").size();
        return "It sees " + seen + " of " + nodes + " nodes.";
      }
    } catch (CliException e) {
      return e.getMessage() + ".";
    }
    return client.reason(READY);
  }

  private boolean hasEndedSoon() {
    try {
      return process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** How it ended; call only then. */
  String epitaph() {
    int status = process.exitValue();
    return "node %s (pid %d) has ended with exit status %d%s"
        .formatted(plan.name(), pid(), status, reason(status));
  }

  private static String reason(int status) {
    if (status == StuckEnd.STATUS) {
      return " (out of memory or stuck: its last line says which)";
    }
    return status > 128 ? " (killed by signal " + (status - 128) + ")" : "";
  }

  boolean hasEndedWith(int status) {
    return !process.isAlive() && process.exitValue() == status;
  }

  /** The exit status, once it has ended; -1 when it has not in time. */
  int exitStatus(int secondsMax) {
    try {
      return process.waitFor(secondsMax, TimeUnit.SECONDS) ? process.exitValue() : -1;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return -1;
    }
  }

  /** Asks it to stop. Not by way of the process, which would close our end of its last words. */
  void stop() {
    process.toHandle().destroy();
  }

  /** Has it read its files again. */
  void readAgain() {
    try {
      OutputStream words = process.getOutputStream();
      words.write(RereadSignal.PARENTS_WORD);
      words.flush();
    } catch (IOException e) {
      err.println("limpet: node " + plan.name() + " does not listen: " + e.getMessage());
      err.flush();
    }
  }

  /** Ends it the hard way. */
  void kill() {
    process.destroyForcibly();
  }

  private static void copy(String name, Process process, PrintWriter err) {
    try (BufferedReader lines = process.inputReader()) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        err.println(name + " | " + line);
        err.flush();
      }
    } catch (IOException e) {
      err.println("limpet: the output of node " + name + " is lost: " + e.getMessage());
    }
  }
}
