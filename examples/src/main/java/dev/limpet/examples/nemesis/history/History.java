package dev.limpet.examples.nemesis.history;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Gathers the events of one round, in the order in which they were told, and writes them to a file.
 *
 * <p>Thread-safe. Holds everything in memory: a round has some hundred thousand events.
 */
public final class History implements AutoCloseable {

  private static final long ASK_MILLIS = 50;

  private final long begunNanos = System.nanoTime();
  private final BufferedWriter file;
  private final List<Event> events = new ArrayList<>();

  /**
   * @throws UncheckedIOException if the file cannot be made
   */
  public History(Path path) {
    try {
      file = Files.newBufferedWriter(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Adds the event with the present time. */
  public synchronized void record(Event event) {
    Event stamped = event.at(millis());
    events.add(stamped);
    try {
      file.write(stamped.line());
      file.newLine();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Milliseconds since the round began. */
  public long millis() {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begunNanos);
  }

  /**
   * Waits until the condition holds, and asks it often.
   *
   * @return false if the time was over before
   */
  public boolean await(long millis, BooleanSupplier condition) {
    long until = millis() + millis;
    while (!condition.getAsBoolean()) {
      if (millis() >= until || Thread.currentThread().isInterrupted()) {
        return false;
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(ASK_MILLIS));
    }
    return true;
  }

  /** Lets so much time pass. */
  public void pass(long millis) {
    long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    for (long left = until - System.nanoTime(); left > 0; left = until - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }

  /** What was told until now. */
  public synchronized List<Event> events() {
    return List.copyOf(events);
  }

  /**
   * Reads a file that a history wrote.
   *
   * @throws IllegalArgumentException if a line is no event
   */
  public static List<Event> read(Path path) throws IOException {
    return Files.readAllLines(path).stream().map(Event::parse).toList();
  }

  @Override
  public synchronized void close() {
    try {
      file.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
