package dev.limpet.cluster.cli.heap;

import ch.qos.logback.classic.LoggerContext;
import com.hazelcast.core.Hazelcast;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the process of a node that has run out of memory: one line on standard error and in the log
 * file, then exit status {@link #STATUS}, at once and without shutdown hooks. It allocates
 * everything the end needs beforehand.
 *
 * <p>It hears of an {@link OutOfMemoryError} from Hazelcast, from threads that die of it, and from
 * code that catches and logs it, at any level; a {@link HeapWatch} detects a full heap that no
 * error reports. Thread-safe: the first caller ends the process.
 */
public final class HeapEnd {

  /** The exit status, the one of {@code -XX:+ExitOnOutOfMemoryError}. */
  public static final int STATUS = 3;

  private static final Logger LOG = LoggerFactory.getLogger(HeapEnd.class);
  private static final int CAUSES_MAX = 10;

  private final byte[] line;
  private final OutputStream terminal;
  private final Supplier<@Nullable OutputStream> logFile;
  private final IntConsumer halt;
  private final AtomicBoolean ending = new AtomicBoolean();

  /**
   * @param node its name, for the line
   * @param logFile gives the open log file, null where there is none; must not allocate
   * @param halt ends the process with a status, and does not return
   */
  HeapEnd(
      String node,
      OutputStream terminal,
      Supplier<@Nullable OutputStream> logFile,
      IntConsumer halt) {
    this.line = line(node).getBytes(StandardCharsets.UTF_8);
    this.terminal = terminal;
    this.logFile = logFile;
    this.halt = halt;
  }

  private static String line(String node) {
    return ("limpet: node %s has run out of memory (heap at most %d MiB) and ends with exit status"
            + " %d: give it more (java -Xmx…), or lower what it may hold (docs/limits.md)%n")
        .formatted(node, Runtime.getRuntime().maxMemory() >> 20, STATUS);
  }

  /**
   * Watches this process from now on. Once a process.
   *
   * @param node its name, for the line
   * @param logFile gives the open log file, null where there is none; must not allocate
   */
  public static void install(String node, Supplier<@Nullable OutputStream> logFile) {
    HeapEnd end =
        new HeapEnd(
            node,
            new FileOutputStream(FileDescriptor.err),
            logFile,
            status -> Runtime.getRuntime().halt(status));
    HeapWatch watch = new HeapWatch(end);
    Hazelcast.setOutOfMemoryHandler(new HazelcastOutOfMemory(end, watch));
    Thread.setDefaultUncaughtExceptionHandler((thread, death) -> died(thread, death, end, watch));
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      context.addTurboFilter(new LoggedOutOfMemory(end, watch));
    }
    watch.start();
  }

  private static void died(Thread thread, Throwable death, HeapEnd end, HeapWatch watch) {
    if (isOutOfMemory(death) && watch.hasCollectedLately()) {
      end.now(); // returns when another thread ends the process; there is no heap to log with
    } else {
      LOG.error("the thread {} has died", thread.getName(), death);
    }
  }

  /** Says the line and ends the process; returns only when another thread does so already. */
  void now() {
    if (!ending.compareAndSet(false, true)) {
      return;
    }
    try {
      say(terminal);
      OutputStream file = logFile.get();
      if (file != null) {
        say(file);
      }
    } finally {
      halt.accept(STATUS);
    }
  }

  /** A disk that is full, or a terminal that is gone, must not keep the line from the other. */
  private void say(OutputStream out) {
    try {
      out.write(line);
      out.flush();
    } catch (IOException e) {
      ending.set(true); // no reader is left
    }
  }

  /** Ends silently when the reporting thread is stuck, for example at a pipe without a reader. */
  void withoutWords() {
    halt.accept(STATUS);
  }

  /** Whether {@link #now} has been called. */
  boolean isEnding() {
    return ending.get();
  }

  /**
   * Whether memory of the JVM ran out, its heap or its classes' or its threads'. Buffers beside the
   * heap are not: they are short for one connection and come back when it closes. Allocates
   * nothing.
   */
  static boolean isOutOfMemory(@Nullable Throwable thrown) {
    Throwable cause = thrown;
    for (int depth = 0; cause != null && depth < CAUSES_MAX; depth++) {
      if (cause.getClass() == OutOfMemoryError.class) { // Netty's own, of buffers, is a subclass
        String message = cause.getMessage();
        return message == null || !message.contains("direct buffer memory");
      }
      cause = cause.getCause();
    }
    return false;
  }
}
