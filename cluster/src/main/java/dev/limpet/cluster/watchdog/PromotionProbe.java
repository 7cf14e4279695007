package dev.limpet.cluster.watchdog;

import dev.limpet.store.hazelcast.Promotions;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Looks for a promotion that keeps the member's permit and does not go on. Confined to the
 * watchdog.
 */
final class PromotionProbe implements Probe {

  private final Promotions promotions;
  private final BooleanSupplier threadsRun;

  /**
   * @param threadsRun whether the threads that promote have run what they got before
   */
  PromotionProbe(Promotions promotions, BooleanSupplier threadsRun) {
    this.promotions = promotions;
    this.threadsRun = threadsRun;
  }

  @Override
  public Optional<Symptom> look() {
    return promotions.isPermitTaken() && threadsRun.getAsBoolean()
        ? Optional.of(
            Symptom.of(
                StuckState.PROMOTION,
                promotions.begun(),
                "A promotion of copies on this node does not end, so no other can begin."))
        : Optional.empty();
  }

  @Override
  public void heal() {
    promotions.giveBack();
  }
}
