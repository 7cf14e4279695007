package dev.limpet.examples.nemesis.check;

import dev.limpet.examples.nemesis.history.Event;
import dev.limpet.examples.nemesis.history.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Nobody is deaf once the cluster agrees again: each probe, a message to {@code
 * probe/CLIENT/SENDER}, reaches its client in time.
 */
final class Reached implements Check {

  /** What the topics of probes begin with. */
  private static final String PROBE = "probe/";

  private final long probeMillis;

  Reached(long probeMillis) {
    this.probeMillis = probeMillis;
  }

  @Override
  public List<Violation> check(List<Event> history) {
    Map<Message, Long> arrived = new HashMap<>();
    for (Event event : history) {
      if (event.kind() == Kind.RECEIVED && event.topic().startsWith(PROBE)) {
        arrived.putIfAbsent(Message.of(event), event.millis());
      }
    }
    List<Violation> violations = new ArrayList<>();
    for (Event event : history) {
      if (event.kind() == Kind.PUBLISH && event.topic().startsWith(PROBE)) {
        Long millis = arrived.get(Message.of(event));
        if (millis == null || millis - event.millis() > probeMillis) {
          violations.add(deaf(event, millis == null ? "never" : "at " + millis + " ms"));
        }
      }
    }
    return violations;
  }

  private static Violation deaf(Event probe, String arrival) {
    String client = probe.topic().substring(PROBE.length(), probe.topic().lastIndexOf('/'));
    String sentence = "%s got the probe that %s sent at %d ms %s";
    return new Violation(
        "G12", sentence.formatted(client, probe.client(), probe.millis(), arrival));
  }
}
