package dev.limpet.examples.nemesis.check;

import dev.limpet.examples.nemesis.history.Event;
import java.util.List;

/** Looks for one way of breaking a promise. Pure. */
interface Check {

  /** The violations in the history, in its order. */
  List<Violation> check(List<Event> history);
}
