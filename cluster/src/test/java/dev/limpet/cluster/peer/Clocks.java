package dev.limpet.cluster.peer;

import dev.limpet.cluster.clock.ClusterClock;
import java.util.List;

/** Makes clocks of nodes in tests that are about something else. */
public final class Clocks {
  private Clocks() {}

  /** Of the first node of a cluster: it is set. */
  public static ClusterClock set() {
    ClusterClock clock = new ClusterClock(System::currentTimeMillis, System::nanoTime);
    clock.follow(List::of);
    return clock;
  }
}
