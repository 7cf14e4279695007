package dev.limpet.cluster.directory;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.spi.merge.MergingValue;
import com.hazelcast.spi.merge.SplitBrainMergePolicy;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the claim with the higher epoch after a network split; of equal ones the connected one (the
 * other side took the host for dead). A will that the larger side has taken, or no longer knows,
 * does not come back. Stateless.
 */
public final class HighestEpoch
    implements SplitBrainMergePolicy<Object, MergingValue<Object>, Object> {

  @Override
  public @Nullable Object merge(
      MergingValue<Object> merging, @Nullable MergingValue<Object> existing) {
    Object theirs = merging.getDeserializedValue();
    Object ours = existing == null ? null : existing.getDeserializedValue();
    if (theirs instanceof ClaimRecord their && ours instanceof ClaimRecord our) {
      if (their.epoch() != our.epoch()) {
        return their.epoch() > our.epoch() ? withoutAnsweredWill(their) : our;
      }
      return their.connected() && !our.connected() ? unlessTaken(their, our) : our;
    }
    return ours == null && theirs instanceof ClaimRecord unknown
        ? withoutAnsweredWill(unknown.withWill(null, 0))
        : ours;
  }

  /**
   * What the smaller side has answered to a claim may still be asked for: a will in it belongs to a
   * claim before, about which the larger side has decided.
   */
  private static ClaimRecord withoutAnsweredWill(ClaimRecord kept) {
    ClaimAnswer answer = kept.last().answer();
    if (answer == null || answer.will() == null) {
      return kept;
    }
    return kept.answered(
        kept.last().attempt(),
        new ClaimAnswer(
            answer.epoch(), answer.holder(), answer.holderEpoch(), null, answer.known()));
  }

  /** Of one claim, so that a will which is missing on the larger side was taken there. */
  private static ClaimRecord unlessTaken(ClaimRecord kept, ClaimRecord other) {
    return kept.will() != null && other.will() == null ? kept.withWill(null, 0) : kept;
  }

  @Override
  public void writeData(ObjectDataOutput out) {
    // Nothing to say: the policy has no state.
  }

  @Override
  public void readData(ObjectDataInput in) {
    // Nothing was said.
  }
}
