package dev.limpet.examples.nemesis.check;

import dev.limpet.examples.nemesis.history.Event;
import dev.limpet.examples.nemesis.history.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** When faults touched which nodes, and when the harness itself stood still. Immutable. */
final class Troubles {

  /** How the notes of such faults begin. */
  private static final String CUT = "cut ";

  private record Period(long fromMillis, long toMillis, List<String> nodes, boolean cut) {

    long overlapMillis(Wait wait) {
      long from = Math.max(fromMillis, wait.sent().millis());
      return Math.min(toMillis, wait.untilMillis()) - from;
    }
  }

  private final List<Period> faults;
  private final List<Period> stalls;

  private Troubles(List<Period> faults, List<Period> stalls) {
    this.faults = faults;
    this.stalls = stalls;
  }

  static Troubles of(List<Event> history) {
    Map<Long, Event> begun = new HashMap<>();
    List<Period> faults = new ArrayList<>();
    List<Period> stalls = new ArrayList<>();
    for (Event event : history) {
      if (event.kind() == Kind.FAULT) {
        begun.put(event.number(), event);
      }
      if (event.kind() == Kind.HEALED) {
        faults.add(period(begun.remove(event.number()), event.millis()));
      }
      if (event.kind() == Kind.STALL) {
        stalls.add(new Period(event.millis() - event.number(), event.millis(), List.of(), false));
      }
    }
    begun.values().forEach(open -> faults.add(period(open, Long.MAX_VALUE)));
    return new Troubles(List.copyOf(faults), List.copyOf(stalls));
  }

  private static Period period(Event fault, long toMillis) {
    List<String> nodes = List.of(fault.client().split(","));
    return new Period(fault.millis(), toMillis, nodes, fault.note().startsWith(CUT));
  }

  /** Whether a fault touched the node in that time. */
  boolean touch(Wait wait) {
    return faults.stream()
        .anyMatch(each -> each.nodes().contains(wait.node()) && each.overlapMillis(wait) >= 0);
  }

  /** Whether some nodes did not see each other in that time. */
  boolean isCut(Wait wait) {
    return faults.stream().anyMatch(each -> each.cut() && each.overlapMillis(wait) >= 0);
  }

  /** How much of the wait is the harness's own fault. */
  long stalledMillis(Wait wait) {
    return stalls.stream().mapToLong(each -> Math.max(0, each.overlapMillis(wait))).sum();
  }
}
