package dev.limpet.examples.nemesis.check;

import dev.limpet.examples.nemesis.history.Event;
import dev.limpet.examples.nemesis.history.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * G4: what arrives without DUP and for the first time comes in the order of its publisher. Members
 * of share groups are left out: what one had not acknowledged goes to another later.
 */
final class OrderKept implements Check {

  /** What came to one session from one topic at one QoS. */
  private static final class Stream {
    private final Set<Long> seen = new HashSet<>();
    private long highest;
  }

  @Override
  public List<Violation> check(List<Event> history) {
    Set<String> sharing = new HashSet<>();
    Map<String, Stream> streams = new HashMap<>();
    List<Violation> violations = new ArrayList<>();
    Sessions sessions = new Sessions();
    for (Event event : history) {
      sessions.see(event);
      if (event.kind() == Kind.SUBSCRIBED && Filters.isShared(event.topic())) {
        sharing.add(event.client());
      }
      if (event.kind() == Kind.RECEIVED && !sharing.contains(event.client())) {
        String key = sessions.of(event) + " " + event.topic() + " " + event.qos();
        Stream stream = streams.computeIfAbsent(key, k -> new Stream());
        boolean first = stream.seen.add(event.number());
        if (first && !event.note().equals("dup")) {
          if (event.number() < stream.highest) {
            violations.add(late(event, stream.highest));
          }
          stream.highest = Math.max(stream.highest, event.number());
        }
      }
    }
    return violations;
  }

  private static Violation late(Event event, long highest) {
    String sentence = "%s got %s after %d, at %d ms";
    return new Violation(
        "G4", sentence.formatted(event.client(), Message.of(event), highest, event.millis()));
  }
}
