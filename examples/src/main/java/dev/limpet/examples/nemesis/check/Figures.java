package dev.limpet.examples.nemesis.check;

import dev.limpet.examples.nemesis.history.Event;
import dev.limpet.examples.nemesis.history.Kind;
import java.util.List;

/**
 * What a round amounted to.
 *
 * @param acknowledged messages with PUBACK or PUBCOMP
 * @param received deliveries, repeated ones included
 * @param longestWaitMillis from PUBLISH to acknowledgement, or to the end of the connection
 * @param agreedMillis from the last fault to one ready cluster; -1 for never
 */
public record Figures(long acknowledged, long received, long longestWaitMillis, long agreedMillis) {

  public static Figures of(List<Event> history) {
    return new Figures(
        count(history, Kind.ACKED),
        count(history, Kind.RECEIVED),
        ShortWaits.longestMillis(history),
        agreedMillis(history));
  }

  private static long count(List<Event> history, Kind kind) {
    return history.stream().filter(event -> event.kind() == kind).count();
  }

  private static long agreedMillis(List<Event> history) {
    long calmMillis = -1;
    long tookMillis = -1;
    for (Event event : history) {
      if (event.kind() == Kind.CALM) {
        calmMillis = event.millis();
        tookMillis = -1;
      } else if (event.kind() == Kind.AGREED) {
        tookMillis = event.millis() - calmMillis;
      }
    }
    return tookMillis;
  }
}
