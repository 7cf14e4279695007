package dev.limpet.cluster.sim;

import dev.limpet.broker.spi.durable.DurableSession;
import dev.limpet.cluster.sim.Replica.Entry;
import org.jspecify.annotations.Nullable;

/** Puts what a smaller side holds of a partition into that of the larger one, by the real rules. */
final class SimMerge {

  private SimMerge() {}

  /** Runs on owner and backup, so it takes copies. */
  static boolean into(Replica ours, Replica theirs, long nowMillis, Planted planted) {
    Replica copies = theirs.copy();
    copies.entries.forEach(
        (id, their) -> {
          Entry our = ours.of(id);
          our.claim = our.claim.merge(their.claim);
          our.session = session(our.session, their.session, nowMillis, planted);
        });
    return true;
  }

  private static @Nullable DurableSession session(
      @Nullable DurableSession our,
      @Nullable DurableSession their,
      long nowMillis,
      Planted planted) {
    if (our == null || their == null) {
      return our == null ? their : our;
    }
    if (planted == Planted.EMPTY_OVER_FULL) {
      return their.epoch() >= our.epoch() ? their : our;
    }
    return DurableSession.unite(our, their, nowMillis);
  }
}
