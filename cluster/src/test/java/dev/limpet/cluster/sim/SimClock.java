package dev.limpet.cluster.sim;

import java.util.PriorityQueue;

/** The time of a simulation: runs tasks in the order of their times, then of their arrival. */
final class SimClock {

  private record Event(long atMillis, long number, Runnable task) implements Comparable<Event> {
    @Override
    public int compareTo(Event other) {
      return atMillis != other.atMillis
          ? Long.compare(atMillis, other.atMillis)
          : Long.compare(number, other.number);
    }
  }

  /** Far more than a run needs. */
  private static final long EVENTS_MAX = 2_000_000;

  /** An epoch's clock part must not be zero. */
  static final long START_MILLIS = 1_700_000_000_000L;

  private final PriorityQueue<Event> events = new PriorityQueue<>();
  private long nowMillis = START_MILLIS;
  private long number;

  long nowMillis() {
    return nowMillis;
  }

  /** Since the start. */
  long elapsedMillis() {
    return nowMillis - START_MILLIS;
  }

  long events() {
    return number;
  }

  void after(long delayMillis, Runnable task) {
    events.add(new Event(nowMillis + Math.max(0, delayMillis), number++, task));
  }

  /** Runs everything that is due within a while. */
  void run(long millis) {
    long end = nowMillis + millis;
    while (number < EVENTS_MAX && !events.isEmpty() && events.peek().atMillis() <= end) {
      Event event = events.remove();
      nowMillis = event.atMillis();
      event.task().run();
    }
    if (number >= EVENTS_MAX) {
      throw new IllegalStateException("a storm of events");
    }
    nowMillis = end;
  }
}
