package dev.limpet.cluster.directory;

import dev.limpet.broker.mqtt.NodeId;
import dev.limpet.broker.mqtt.Will;
import org.jspecify.annotations.Nullable;

/**
 * Holds the answer of a step. Immutable.
 *
 * @param epoch of the claim that was made; 0 for other steps
 * @param holder host of the connection before; null when it was released or there was none
 * @param holderEpoch 0 without a holder
 * @param will that is the caller's now
 * @param known whether there was a record before; for a release, whether it was the holder's
 */
record ClaimAnswer(
    long epoch, @Nullable NodeId holder, long holderEpoch, @Nullable Will will, boolean known) {

  /** Nothing to hand over. */
  static final ClaimAnswer NOTHING = new ClaimAnswer(0, null, 0, null, false);

  /** The claim was the caller's to release, and has no will for it. */
  static final ClaimAnswer RELEASED = new ClaimAnswer(0, null, 0, null, true);

  static ClaimAnswer handOver(@Nullable Will will) {
    return will == null ? RELEASED : new ClaimAnswer(0, null, 0, will, true);
  }
}
