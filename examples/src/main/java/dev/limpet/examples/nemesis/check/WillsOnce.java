package dev.limpet.examples.nemesis.check;

import dev.limpet.examples.nemesis.history.Event;
import dev.limpet.examples.nemesis.history.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * G6: the will of a connection that broke comes once, and that of a connection that said goodbye
 * never. While a fault is under way nobody knows whether the goodbye arrived: then once or never.
 */
final class WillsOnce implements Check {

  /** A connection with a will, and what became of it. */
  private static final class Bearer {
    private final Event will;
    private boolean accepted;
    private String end = "";
    private boolean endedInFault;
    private int published;

    Bearer(Event will) {
      this.will = will;
    }

    String verdict() {
      if (published > 1) {
        return "came " + published + " times";
      }
      if (published == 0 && accepted && !end.isEmpty() && !end.equals("goodbye")) {
        return "never came";
      }
      boolean forbidden = end.isEmpty() || (end.equals("goodbye") && !endedInFault);
      return published == 1 && accepted && forbidden ? "came though nobody had died" : "";
    }
  }

  @Override
  public List<Violation> check(List<Event> history) {
    Map<Long, Bearer> bearers = new LinkedHashMap<>();
    Map<String, String> observers = new HashMap<>();
    Unrest unrest = new Unrest();
    for (Event event : history) {
      unrest.see(event);
      switch (event.kind()) {
        case WILL -> bearers.put(event.connection(), new Bearer(event));
        case CONNECTED -> of(bearers, event.connection()).accepted = true;
        case CLOSED -> {
          Bearer bearer = of(bearers, event.connection());
          bearer.end = event.note();
          bearer.endedInFault = unrest.at(event.millis());
        }
        case RECEIVED -> {
          Bearer bearer = of(bearers, event.number());
          String observer = observers.computeIfAbsent(event.topic(), t -> event.client());
          if (event.topic().equals(bearer.will.topic()) && observer.equals(event.client())) {
            bearer.published++;
          }
        }
        default -> {}
      }
    }
    return violations(bearers);
  }

  /** The bearer, or one nobody asks about. */
  private static Bearer of(Map<Long, Bearer> bearers, long connection) {
    Bearer bearer = bearers.get(connection);
    return bearer != null ? bearer : new Bearer(Event.of(Kind.WILL, ""));
  }

  private static List<Violation> violations(Map<Long, Bearer> bearers) {
    List<Violation> violations = new ArrayList<>();
    for (Bearer each : bearers.values()) {
      String verdict = each.verdict();
      if (!verdict.isEmpty()) {
        String sentence = "the will of %s, connection %d, %s (end: %s)";
        Event will = each.will;
        violations.add(
            new Violation(
                "G6", sentence.formatted(will.client(), will.connection(), verdict, each.end)));
      }
    }
    return violations;
  }
}
