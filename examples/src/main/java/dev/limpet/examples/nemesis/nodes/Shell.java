package dev.limpet.examples.nemesis.nodes;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * One shell that lives as long as the harness, so that a signal costs no new process: the kill of
 * bash is its own. Thread-safe; {@link #run} blocks until the command has ended.
 */
final class Shell implements AutoCloseable {

  private static final String DONE = "done:";

  private final Process bash;
  private final BufferedWriter in;
  private final BufferedReader out;

  Shell() {
    try {
      bash = new ProcessBuilder("bash", "--norc").redirectErrorStream(true).start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    in = bash.outputWriter();
    out = bash.inputReader();
  }

  /**
   * @throws IllegalStateException if the command fails
   */
  synchronized void run(String command) {
    StringBuilder said = new StringBuilder();
    try {
      in.write(command + "; echo " + DONE + "$?\n");
      in.flush();
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        if (line.equals(DONE + 0)) {
          return;
        }
        if (line.startsWith(DONE)) {
          break;
        }
        said.append(line).append(' ');
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    throw new IllegalStateException(command + ": " + said);
  }

  @Override
  public void close() {
    bash.destroyForcibly();
  }
}
