package dev.limpet.cluster.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import picocli.CommandLine;

/** Runs the command line in this process and keeps what it prints. Confined to a test. */
final class Console {

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final CommandLine commandLine;

  Console(Map<String, String> environment, NodeProgram.Factory factory) {
    commandLine = Limpet.commandLine(new NodeCommand(environment, factory));
    commandLine.setOut(new PrintWriter(out, true));
    commandLine.setErr(new PrintWriter(err, true));
  }

  /** A console where no node may be started. */
  static Console withoutNodes() {
    return new Console(
        Map.of(),
        (vertx, options, metrics) -> {
          throw new AssertionError("no node was to be started");
        });
  }

  /** Returns the exit status. */
  int run(String... words) {
    return commandLine.execute(words);
  }

  String out() {
    return out.toString();
  }

  String err() {
    return err.toString();
  }
}
