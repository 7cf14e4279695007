package dev.limpet.examples.nemesis.nodes;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One broker process at a time, under one name and address. Thread-safe. */
final class Node {

  private final int number;
  private final Commands commands;
  private final Map<String, String> settings;
  private final Path log;
  private @Nullable Process process;
  private boolean wanted;

  Node(int number, Commands commands, String join, Path folder) {
    this.number = number;
    this.commands = commands;
    this.log = folder.resolve(name() + ".log");
    this.settings = new HashMap<>();
    settings.put("name", name());
    settings.put("ip", Network.address(number));
    settings.put("space", Network.space(number));
    settings.put("join", join);
    settings.put("data", folder.resolve(name()).toString());
  }

  String name() {
    return String.valueOf((char) ('a' + number));
  }

  String address() {
    return Network.address(number);
  }

  String readyUrl() {
    return commands.ready(settings);
  }

  String viewUrl() {
    return commands.view(settings);
  }

  /**
   * Runs the process; what it says is appended to the node's log.
   *
   * @param ended told the exit status if the process ends though it should run
   */
  synchronized void start(Consumer<Integer> ended) {
    List<String> command = commands.start(settings);
    try {
      Process started =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
              .start();
      process = started;
      wanted = true;
      started
          .onExit()
          .thenAccept(
              it -> {
                if (isLost(it)) {
                  ended.accept(it.exitValue());
                }
              });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private synchronized boolean isLost(Process ended) {
    return wanted && ended.equals(process);
  }

  /** Ends the process at once. */
  synchronized void kill() {
    wanted = false;
    if (process != null) {
      process.destroyForcibly();
    }
  }

  /** Asks the process to end. */
  synchronized void leave() {
    wanted = false;
    if (process != null) {
      process.destroy();
    }
  }

  /** Whether the process should run. */
  synchronized boolean isWanted() {
    return wanted;
  }

  /** Waits until no process is left; kills it when the time is over. */
  void awaitEnd(long millis) throws InterruptedException {
    Process last;
    synchronized (this) {
      last = process;
    }
    if (last != null && !last.waitFor(millis, TimeUnit.MILLISECONDS)) {
      last.destroyForcibly().waitFor();
    }
  }

  /** The id of a process that runs; 0 if none does. */
  synchronized long pid() {
    return process != null && process.isAlive() ? process.pid() : 0;
  }
}
