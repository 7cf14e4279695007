package dev.limpet.store;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.HazelcastInstanceAware;
import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.spi.merge.MergingValue;
import com.hazelcast.spi.merge.SplitBrainMergePolicy;
import dev.limpet.broker.spi.durable.DurableSession;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Unites, after a network split, what both sides have acknowledged for a client; the newer last
 * claim says who holds the session. The larger side's value is the existing one. Thread-safe.
 *
 * @see DurableSession#unite
 */
public final class SessionMergePolicy
    implements SplitBrainMergePolicy<
            DurableSession, MergingValue<DurableSession>, @Nullable Object>,
        HazelcastInstanceAware {

  private volatile LongSupplier clock = System::currentTimeMillis;

  /** Takes the clock of {@link StoreMaps#useClock}; called by Hazelcast before a merge. */
  @Override
  public void setHazelcastInstance(HazelcastInstance hazelcast) {
    clock = StoreMaps.clock(hazelcast);
  }

  /** Gets the values as objects: a session that is in place is never changed, but replaced. */
  @Override
  public @Nullable Object merge(
      @Nullable MergingValue<DurableSession> merging,
      @Nullable MergingValue<DurableSession> existing) {
    DurableSession theirs = merging == null ? null : merging.getDeserializedValue();
    DurableSession ours = existing == null ? null : existing.getDeserializedValue();
    if (theirs == null || ours == null) {
      return theirs == null ? ours : theirs;
    }
    return DurableSession.unite(ours, theirs, clock.getAsLong());
  }

  /** Nothing to write: it has no settings. */
  @Override
  public void writeData(ObjectDataOutput out) {}

  /** Nothing to read: it has no settings. */
  @Override
  public void readData(ObjectDataInput in) {}
}
