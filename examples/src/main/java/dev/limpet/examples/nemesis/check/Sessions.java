package dev.limpet.examples.nemesis.check;

import dev.limpet.examples.nemesis.history.Event;
import dev.limpet.examples.nemesis.history.Kind;
import java.util.HashSet;
import java.util.Set;

/** Follows a history and says to which session an event belongs: a clean one has one connection. */
final class Sessions {

  private final Set<Long> clean = new HashSet<>();

  void see(Event event) {
    if (event.kind() == Kind.CONNECTED && event.note().equals("clean")) {
      clean.add(event.connection());
    }
  }

  String of(Event event) {
    return clean.contains(event.connection())
        ? event.client() + " on " + event.connection()
        : event.client();
  }
}
