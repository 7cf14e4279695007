package dev.limpet.broker.events;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Logs each event of a client in one line, and counts it ({@code limpet.client.events}). At most
 * {@value EventKind#LINES_MAX} lines a second of each kind are written; then follows the number
 * suppressed.
 *
 * <p>Thread-safe. Costs one clock and one count once a kind's lines of a second are used up.
 */
public final class EventLog {
  private static final Logger LOG = LoggerFactory.getLogger(EventLog.class);

  private static final long SECOND_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Map<EventKind, Room> rooms = new EnumMap<>(EventKind.class);
  private final LongSupplier nanos;
  private final Level connectionLevel;

  /** Bounds the lines of one kind per second. Thread-safe: its own lock guards the window. */
  private final class Room {
    private final int linesMax;
    private final LongAdder all = new LongAdder();
    private final LongAdder leftOut = new LongAdder();
    private volatile long beganNanos = nanos.getAsLong();
    private volatile int written;

    Room(EventKind kind) {
      this.linesMax = kind.linesMax();
    }

    boolean isUsedUp() {
      return written >= linesMax && nanos.getAsLong() - beganNanos < SECOND_NANOS;
    }

    /** Takes one line; -1 when there is none, else how many were left out before it. */
    synchronized long take() {
      if (isUsedUp()) {
        return -1;
      }
      long now = nanos.getAsLong();
      if (now - beganNanos >= SECOND_NANOS) {
        beganNanos = now;
        written = 0;
      }
      written++;
      return leftOut.sumThenReset();
    }

    /** Returns the events suppressed in a past second that no line has reported yet. */
    synchronized long takeLeftOut() {
      return nanos.getAsLong() - beganNanos < SECOND_NANOS ? 0 : leftOut.sumThenReset();
    }
  }

  /**
   * @param nanos a clock that never goes back
   * @param logsConnections whether connects and ordinary ends are lines at info, else at debug
   */
  public EventLog(LongSupplier nanos, boolean logsConnections) {
    this.nanos = nanos;
    this.connectionLevel = logsConnections ? Level.INFO : Level.DEBUG;
    for (EventKind kind : EventKind.values()) {
      rooms.put(kind, new Room(kind));
    }
  }

  /** For the process' clock, with connects and ends at info. */
  public EventLog() {
    this(System::nanoTime, true);
  }

  /** Shows the counts; once for each registry. */
  public void register(MeterRegistry registry) {
    rooms.forEach(
        (kind, room) ->
            FunctionCounter.builder("limpet.client.events", room.all, LongAdder::sum)
                .description(
                    "Events of clients, by kind; the log shows each in a line, up to a bound")
                .tag("kind", kind.tag())
                .register(registry));
  }

  /**
   * Counts an event, and writes its line if there is room.
   *
   * @param client asked only for a line that is written
   * @param why how the sentence ends; asked only then, and made printable
   */
  public void tell(EventKind kind, Supplier<Client> client, Supplier<String> why) {
    Room room = Objects.requireNonNull(rooms.get(kind));
    room.all.increment();
    Level level = level(kind);
    if (!LOG.isEnabledForLevel(level)) {
      return;
    }
    if (room.isUsedUp()) {
      room.leftOut.increment();
      return;
    }
    long leftOut = room.take();
    if (leftOut < 0) {
      room.leftOut.increment();
      return;
    }
    LOG.atLevel(level).log("{} {}: {}", client.get(), kind.words(), Printable.of(why.get()));
    sayLeftOut(kind, leftOut);
  }

  /** The same for what is at hand. */
  public void tell(EventKind kind, Client client, String why) {
    tell(kind, () -> client, () -> why);
  }

  /** Reports events suppressed in past seconds; called about once a second, from one thread. */
  public void flush() {
    rooms.forEach((kind, room) -> sayLeftOut(kind, room.takeLeftOut()));
  }

  private void sayLeftOut(EventKind kind, long count) {
    if (count > 0) {
      LOG.atLevel(level(kind)).log("{} more lines of kind {} were left out", count, kind.tag());
    }
  }

  private Level level(EventKind kind) {
    return switch (kind.level()) {
      case WARN -> Level.WARN;
      case INFO -> Level.INFO;
      case CONNECTION -> connectionLevel;
    };
  }

  /** How often a kind has happened. */
  public long count(EventKind kind) {
    return Objects.requireNonNull(rooms.get(kind)).all.sum();
  }
}
