package dev.limpet.examples.nemesis.check;

import dev.limpet.examples.nemesis.history.Event;
import dev.limpet.examples.nemesis.history.Kind;
import java.util.ArrayList;
import java.util.List;

/**
 * G12: after the last fault all nodes are one ready cluster in time, and no process ended by itself
 * but with the status that asks for a new start.
 */
final class OneCluster implements Check {

  /** "I am stuck, start me again." */
  private static final int START_AGAIN = 3;

  private final long agreeMillis;

  OneCluster(long agreeMillis) {
    this.agreeMillis = agreeMillis;
  }

  @Override
  public List<Violation> check(List<Event> history) {
    List<Violation> violations = new ArrayList<>();
    long calmMillis = -1;
    boolean harmed = false;
    for (Event event : history) {
      harmed |= event.kind() == Kind.FAULT;
      if (event.kind() == Kind.EXITED && event.number() != START_AGAIN) {
        String sentence = "node %s ended by itself with status %d at %d ms";
        violations.add(
            violation(sentence.formatted(event.client(), event.number(), event.millis())));
      }
      if (event.kind() == Kind.DISAGREED) {
        String sentence = "no agreed ready cluster at %d ms: %s";
        violations.add(violation(sentence.formatted(event.millis(), event.note())));
      }
      if (event.kind() == Kind.CALM) {
        calmMillis = event.millis();
      }
      if (event.kind() == Kind.AGREED && calmMillis >= 0) {
        long took = event.millis() - calmMillis;
        if (harmed && took > agreeMillis) {
          violations.add(violation("the nodes agreed only " + took + " ms after the last fault"));
        }
        calmMillis = -1;
      }
    }
    if (calmMillis >= 0 && violations.isEmpty()) {
      violations.add(violation("the nodes never agreed after the last fault"));
    }
    return violations;
  }

  private static Violation violation(String sentence) {
    return new Violation("G12", sentence);
  }
}
