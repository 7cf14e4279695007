package dev.limpet.cluster.audit;

import dev.limpet.broker.spi.Claim;
import dev.limpet.broker.spi.cluster.ClaimView;
import org.jspecify.annotations.Nullable;

/** Judges a connection by the directory, which decides. Stateless. */
enum ClaimRule {
  /** The directory has the connection's claim. */
  SOUND,
  /** Nobody holds the id: the connection takes its claim up again. */
  LOST,
  /** Somebody has held it under a newer claim, and left: the connection ends. */
  OUTDONE,
  /** Somebody else holds it: the connection ends, if that one is connected. */
  CONTESTED;

  static ClaimRule of(Claim own, @Nullable ClaimView found) {
    if (found == null) {
      return LOST;
    }
    if (found.connected()) {
      return found.claim().equals(own) ? SOUND : CONTESTED;
    }
    return found.claim().epoch() > own.epoch() ? OUTDONE : LOST;
  }
}
