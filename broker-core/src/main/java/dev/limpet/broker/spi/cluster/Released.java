package dev.limpet.broker.spi.cluster;

import dev.limpet.broker.mqtt.Will;
import org.jspecify.annotations.Nullable;

/**
 * Reports the result of releasing a claim. Immutable.
 *
 * @param held whether the claim was still the caller's to give back; false when a newer one has
 *     replaced it, whose owner then decides about the will; may also be false when the answer was
 *     lost, and the client id forgotten before the release was repeated
 * @param due the will to publish now; null when there is none, it waits, or was not held
 */
public record Released(boolean held, @Nullable Will due) {

  /** A newer claim, or none, holds the client id. */
  public static final Released NOT_HELD = new Released(false, null);
}
