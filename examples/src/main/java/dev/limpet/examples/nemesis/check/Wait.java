package dev.limpet.examples.nemesis.check;

import dev.limpet.examples.nemesis.history.Event;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The time from a PUBLISH to its acknowledgement on the same connection, or until that ended.
 *
 * @param node where a direct listener served the connection; empty if it may have been relayed
 */
record Wait(Event sent, long untilMillis, String node) {

  private static final String DIRECT = " direct";

  long millis() {
    return untilMillis - sent.millis();
  }

  static List<Wait> all(List<Event> history) {
    Map<Long, String> nodes = new HashMap<>();
    Map<Long, Map<Message, Event>> open = new HashMap<>();
    List<Wait> waits = new ArrayList<>();
    for (Event event : history) {
      long connection = event.connection();
      switch (event.kind()) {
        case CONNECT -> nodes.put(connection, node(event.note()));
        case PUBLISH -> {
          if (event.qos() > 0) {
            open.computeIfAbsent(connection, c -> new LinkedHashMap<>())
                .put(Message.of(event), event);
          }
        }
        case ACKED -> {
          Event sent = open.getOrDefault(connection, new HashMap<>()).remove(Message.of(event));
          if (sent != null) {
            waits.add(new Wait(sent, event.millis(), nodes.getOrDefault(connection, "")));
          }
        }
        case CLOSED -> end(waits, open.remove(connection), event, nodes);
        case END -> {
          open.values().forEach(each -> end(waits, each, event, nodes));
          open.clear();
        }
        default -> {}
      }
    }
    return waits;
  }

  private static void end(
      List<Wait> waits, Map<Message, Event> open, Event end, Map<Long, String> nodes) {
    if (open != null) {
      for (Event sent : open.values()) {
        String node = nodes.getOrDefault(sent.connection(), "");
        waits.add(new Wait(sent, end.millis(), node));
      }
    }
  }

  private static String node(String note) {
    return note.endsWith(DIRECT) ? note.substring(0, note.length() - DIRECT.length()) : "";
  }
}
