package dev.limpet.examples.nemesis.check;

import dev.limpet.examples.nemesis.history.Event;
import dev.limpet.examples.nemesis.history.Kind;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * G1: a client id has one live connection. An older one that answers a ping which was sent {@code
 * overlapMillis} after a newer one was accepted, and before that one ended, is one too many. What a
 * node answers while faults are under way does not count.
 */
final class OneConnection implements Check {

  private final long overlapMillis;

  OneConnection(long overlapMillis) {
    this.overlapMillis = overlapMillis;
  }

  @Override
  public List<Violation> check(List<Event> history) {
    Map<Long, Long> ends = ends(history);
    Map<String, TreeMap<Long, Long>> accepted = new HashMap<>();
    Map<String, Long> pings = new HashMap<>();
    Map<Long, Violation> violations = new LinkedHashMap<>();
    Unrest unrest = new Unrest();
    for (Event event : history) {
      unrest.see(event);
      String ping = event.connection() + " " + event.number();
      switch (event.kind()) {
        case CONNECTED ->
            accepted
                .computeIfAbsent(event.client(), c -> new TreeMap<>())
                .put(event.connection(), event.millis());
        case PING -> pings.put(ping, event.millis());
        case PONG -> {
          long lateMillis = pings.getOrDefault(ping, 0L) - overlapMillis;
          for (var newer : after(accepted.get(event.client()), event.connection()).entrySet()) {
            boolean alive = ends.getOrDefault(newer.getKey(), Long.MAX_VALUE) > event.millis();
            if (alive && lateMillis > newer.getValue() && !unrest.at(event.millis())) {
              violations.putIfAbsent(event.connection(), two(event, newer.getKey()));
            }
          }
        }
        default -> {}
      }
    }
    return List.copyOf(violations.values());
  }

  private static Map<Long, Long> after(@Nullable TreeMap<Long, Long> accepted, long connection) {
    return accepted == null ? Map.of() : accepted.tailMap(connection, false);
  }

  private static Map<Long, Long> ends(List<Event> history) {
    Map<Long, Long> ends = new HashMap<>();
    for (Event event : history) {
      if (event.kind() == Kind.CLOSED) {
        ends.put(event.connection(), event.millis());
      }
    }
    return ends;
  }

  private static Violation two(Event event, long newer) {
    String sentence = "%s lives on connections %d and %d, at %d ms";
    return new Violation(
        "G1", sentence.formatted(event.client(), event.connection(), newer, event.millis()));
  }
}
