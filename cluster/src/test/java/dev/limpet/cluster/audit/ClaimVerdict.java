package dev.limpet.cluster.audit;

import dev.limpet.broker.spi.Claim;
import dev.limpet.broker.spi.cluster.ClaimView;
import org.jspecify.annotations.Nullable;

/** What the audit's rule says of a connection, for the simulator of a cluster. */
public enum ClaimVerdict {
  SOUND,
  LOST,
  OUTDONE,
  CONTESTED;

  public static ClaimVerdict of(Claim own, @Nullable ClaimView found) {
    return valueOf(ClaimRule.of(own, found).name());
  }
}
