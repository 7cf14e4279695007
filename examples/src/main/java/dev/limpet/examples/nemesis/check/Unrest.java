package dev.limpet.examples.nemesis.check;

import dev.limpet.examples.nemesis.history.Event;
import dev.limpet.examples.nemesis.history.Kind;
import java.util.HashSet;
import java.util.Set;

/** Follows a history and says whether a fault is under way, or was a moment ago. */
final class Unrest {

  /** A node that was frozen or cut off finds out, and closes the clients it had lost. */
  private static final long AFTERMATH_MILLIS = 5_000;

  private final Set<Long> faults = new HashSet<>();
  private long calmFromMillis;

  void see(Event event) {
    if (event.kind() == Kind.FAULT) {
      faults.add(event.number());
    } else if (event.kind() == Kind.HEALED) {
      faults.remove(event.number());
      calmFromMillis = event.millis() + AFTERMATH_MILLIS;
    }
  }

  boolean at(long millis) {
    return !faults.isEmpty() || millis < calmFromMillis;
  }
}
