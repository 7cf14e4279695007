package dev.limpet.examples.nemesis.check;

import dev.limpet.examples.nemesis.history.Event;
import dev.limpet.examples.nemesis.history.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** G5: no session gets a message twice at QoS 2. */
final class OnceOnly implements Check {

  private record Delivery(String session, Message message) {}

  @Override
  public List<Violation> check(List<Event> history) {
    Map<Delivery, Event> first = new HashMap<>();
    List<Violation> violations = new ArrayList<>();
    Sessions sessions = new Sessions();
    for (Event event : history) {
      sessions.see(event);
      if (event.kind() == Kind.RECEIVED && event.qos() == 2) {
        Event earlier =
            first.putIfAbsent(new Delivery(sessions.of(event), Message.of(event)), event);
        if (earlier != null) {
          violations.add(twice(earlier, event));
        }
      }
    }
    return violations;
  }

  private static Violation twice(Event earlier, Event event) {
    String sentence = "%s got %s twice at QoS 2, at %d ms and at %d ms";
    return new Violation(
        "G5",
        sentence.formatted(event.client(), Message.of(event), earlier.millis(), event.millis()));
  }
}
