package dev.limpet.examples.nemesis.check;

import dev.limpet.examples.nemesis.history.Event;
import dev.limpet.examples.nemesis.history.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * G2: what was acknowledged reaches each durable session that had subscribed before it was sent; of
 * a share group of durable sessions, one.
 */
final class NothingLost implements Check {

  private static final String DURABLE = "durable";

  /** Who waits for what: a durable client, or a share group, since when. */
  private record Waiting(String who, String filter, long sinceMillis) {}

  @Override
  public List<Violation> check(List<Event> history) {
    Map<Message, Long> sent = new HashMap<>();
    Map<String, Set<Message>> received = new HashMap<>();
    List<Event> acked = new ArrayList<>();
    for (Event event : history) {
      switch (event.kind()) {
        case PUBLISH -> sent.putIfAbsent(Message.of(event), event.millis());
        case ACKED -> acked.add(event);
        case RECEIVED ->
            received.computeIfAbsent(event.client(), c -> new HashSet<>()).add(Message.of(event));
        default -> {}
      }
    }
    List<Violation> lost = new ArrayList<>();
    for (Waiting each : waiting(history, received)) {
      Set<Message> had = received.getOrDefault(each.who(), Set.of());
      for (Event event : acked) {
        if (isDue(each, event, sent) && !had.contains(Message.of(event))) {
          lost.add(lost(each, event));
        }
      }
    }
    return lost;
  }

  private static boolean isDue(Waiting waiting, Event acked, Map<Message, Long> sent) {
    return acked.qos() > 0
        && Filters.matches(waiting.filter(), acked.topic())
        && sent.getOrDefault(Message.of(acked), 0L) > waiting.sinceMillis();
  }

  private static Violation lost(Waiting waiting, Event acked) {
    String sentence = "%s never got %s, acknowledged at %d ms";
    return new Violation(
        "G2", sentence.formatted(waiting.who(), Message.of(acked), acked.millis()));
  }

  /** The durable subscriptions; what members of a share group received is put together. */
  private static List<Waiting> waiting(List<Event> history, Map<String, Set<Message>> received) {
    Set<String> durable = new HashSet<>();
    Map<String, Waiting> waiting = new TreeMap<>();
    for (Event event : history) {
      if (event.kind() == Kind.CONNECTED && event.note().equals(DURABLE)) {
        durable.add(event.client());
      }
      if (event.kind() == Kind.SUBSCRIBED && event.qos() > 0 && durable.contains(event.client())) {
        String filter = event.topic();
        boolean shared = Filters.isShared(filter);
        String who = shared ? filter : event.client();
        waiting.putIfAbsent(who + " " + filter, new Waiting(who, filter, event.millis()));
        if (shared) {
          Set<Message> all = received.computeIfAbsent(who, group -> new HashSet<>());
          all.addAll(received.getOrDefault(event.client(), Set.of()));
        }
      }
    }
    return List.copyOf(waiting.values());
  }
}
