package dev.limpet.examples.nemesis.check;

import dev.limpet.examples.nemesis.history.Event;
import dev.limpet.examples.nemesis.history.Kind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** G7: CONNACK says session present if, and only if, there was a durable session. */
final class SessionPresent implements Check {

  @Override
  public List<Violation> check(List<Event> history) {
    Set<String> tried = new HashSet<>();
    Set<String> accepted = new HashSet<>();
    Set<Long> firsts = new HashSet<>();
    List<Violation> violations = new ArrayList<>();
    for (Event event : history) {
      if (event.kind() == Kind.CONNECT && tried.add(event.client())) {
        firsts.add(event.connection());
      }
      if (event.kind() == Kind.CONNECTED) {
        boolean durable = event.note().equals("durable");
        boolean present = event.number() == 1;
        if (durable && !present && accepted.contains(event.client())) {
          violations.add(told(event, "no session, and it had one"));
        }
        if (present && (!durable || firsts.contains(event.connection()))) {
          violations.add(told(event, "a session, and it had none"));
        }
        if (durable) {
          accepted.add(event.client());
        }
      }
    }
    return violations;
  }

  private static Violation told(Event event, String what) {
    String sentence = "%s was told of %s, on connection %d at %d ms";
    return new Violation(
        "G7", sentence.formatted(event.client(), what, event.connection(), event.millis()));
  }
}
