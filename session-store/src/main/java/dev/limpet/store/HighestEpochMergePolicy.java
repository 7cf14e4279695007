package dev.limpet.store;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.spi.merge.MergingValue;
import com.hazelcast.spi.merge.SplitBrainMergePolicy;
import dev.limpet.broker.spi.durable.DurableSession;
import org.jspecify.annotations.Nullable;

/**
 * Keeps, after a network split, the session with the newer last claim: its client is the one
 * connected now. Of equal ones the larger side's stays. Stateless.
 */
public final class HighestEpochMergePolicy
    implements SplitBrainMergePolicy<
        DurableSession, MergingValue<DurableSession>, @Nullable Object> {

  @Override
  public @Nullable Object merge(
      @Nullable MergingValue<DurableSession> merging,
      @Nullable MergingValue<DurableSession> existing) {
    if (merging == null || existing == null) {
      return raw(merging == null ? existing : merging);
    }
    return raw(epoch(merging) > epoch(existing) ? merging : existing);
  }

  private static @Nullable Object raw(@Nullable MergingValue<DurableSession> value) {
    return value == null ? null : value.getRawValue();
  }

  private static long epoch(MergingValue<DurableSession> value) {
    DurableSession session = value.getDeserializedValue();
    return session == null ? Long.MIN_VALUE : session.epoch();
  }

  /** Nothing to write: it has no settings. */
  @Override
  public void writeData(ObjectDataOutput out) {}

  /** Nothing to read: it has no settings. */
  @Override
  public void readData(ObjectDataInput in) {}
}
