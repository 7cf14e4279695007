package dev.limpet.examples.nemesis.check;

import dev.limpet.examples.nemesis.history.Event;
import java.util.List;

/** Judges whole histories. Pure. */
public final class Checker {

  private final List<Check> checks;

  public Checker(Limits limits) {
    checks =
        List.of(
            new OneConnection(limits.overlapMillis()),
            new NothingLost(),
            new OrderKept(),
            new OnceOnly(),
            new WillsOnce(),
            new SessionPresent(),
            new ShortWaits(limits.waitMillis(), limits.cutWaitMillis()),
            new Reached(limits.probeMillis()),
            new OneCluster(limits.agreeMillis()));
  }

  /** All violations, those of one promise after those of another. */
  public List<Violation> check(List<Event> history) {
    return checks.stream().flatMap(check -> check.check(history).stream()).toList();
  }

  /** How many messages some durable session or share group is still waiting for. */
  public static int missing(List<Event> history) {
    return new NothingLost().check(history).size();
  }
}
