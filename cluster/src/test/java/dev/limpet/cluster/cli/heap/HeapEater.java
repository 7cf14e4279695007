package dev.limpet.cluster.cli.heap;

import dev.limpet.cluster.cli.Limpet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.slf4j.LoggerFactory;

/**
 * A node whose heap is eaten once a line comes on standard input, in a process of its own. Its
 * first argument says what becomes of the error; the others are the node's.
 */
public final class HeapEater {

  private static final List<byte[]> EATEN = new ArrayList<>();

  private HeapEater() {}

  /** What the thread that meets the error does with it. */
  public enum Manner {
    DIES,
    LOGS,
    SWALLOWS
  }

  public static void main(String[] args) {
    Manner manner = Manner.valueOf(args[0]);
    Thread eater = new Thread(() -> eatWhenAsked(manner), "eater");
    eater.setDaemon(true);
    eater.start();
    String[] node = Arrays.copyOfRange(args, 1, args.length);
    Limpet.main(Stream.concat(Stream.of("node"), Stream.of(node)).toArray(String[]::new));
  }

  private static void eatWhenAsked(Manner manner) {
    try {
      int word = System.in.read();
      LoggerFactory.getLogger(HeapEater.class).debug("asked with {}", word);
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    if (manner == Manner.LOGS) {
      logs();
    } else if (manner == Manner.SWALLOWS) {
      swallows();
    }
    eat();
  }

  private static void logs() {
    try {
      eat();
    } catch (OutOfMemoryError e) {
      LoggerFactory.getLogger(HeapEater.class).debug("caught {}", "something", e);
      LockSupport.park(); // what was eaten stays
    }
  }

  /** As a future does that nobody looks at; the heap stays full, and nobody is told. */
  private static void swallows() {
    while (true) {
      CompletableFuture<Void> future = CompletableFuture.runAsync(HeapEater::eat, Runnable::run);
      LockSupport.parkNanos(future.isCompletedExceptionally() ? 50_000_000 : 0);
    }
  }

  private static void eat() {
    while (true) {
      EATEN.add(new byte[10_000]);
    }
  }
}
