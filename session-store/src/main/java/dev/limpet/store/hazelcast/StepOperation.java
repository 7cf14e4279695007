package dev.limpet.store.hazelcast;

import com.hazelcast.internal.serialization.Data;
import com.hazelcast.map.impl.operation.EntryBackupOperation;
import com.hazelcast.map.impl.operation.KeyBasedMapOperation;
import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.DataSerializableFactory;
import com.hazelcast.nio.serialization.IdentifiedDataSerializable;
import com.hazelcast.spi.impl.operationservice.BackupAwareOperation;
import com.hazelcast.spi.impl.operationservice.MutatingOperation;
import com.hazelcast.spi.impl.operationservice.Operation;
import com.hazelcast.wan.impl.CallerProvenance;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Applies a {@link Step} to one entry, and answers when every backup has applied it too: like
 * Hazelcast's operation for entry processors, but without features the map of claims does not need
 * (locks, listeners, eviction, statistics) and without serializing the answer where the caller is
 * the owner.
 *
 * <p>Rests on inner classes of the pinned Hazelcast. Confined to Hazelcast's threads.
 */
final class StepOperation extends KeyBasedMapOperation
    implements MutatingOperation, BackupAwareOperation {
  /** Names {@link #factory}; in the cluster for it alone. */
  static final int FACTORY_ID = 7_100;

  private static final int CLASS_ID = 1;

  /** {@code -1}: as the map is configured, which is for ever. */
  private static final long BY_CONFIGURATION = -1;

  private @Nullable Step<Object, ?> step;
  private @Nullable Object answer;

  /** For {@link #factory}: where the operation arrives. */
  private StepOperation() {}

  @SuppressWarnings("unchecked") // the map's values have the type its steps take
  StepOperation(String map, Data key, Step<?, ?> step) {
    super(map, key);
    this.step = (Step<Object, ?>) step;
  }

  /** Makes the empty operation that a member fills from received bytes. */
  static DataSerializableFactory factory() {
    return StepOperation::ofClass;
  }

  private static @Nullable IdentifiedDataSerializable ofClass(int classId) {
    return classId == CLASS_ID ? new StepOperation() : null;
  }

  private Step<Object, ?> step() {
    return Objects.requireNonNull(step);
  }

  @Override
  protected void runInternal() {
    Object now = recordStore.get(dataKey, false, getCallerAddress(), false);
    Step.Outcome<Object, ?> outcome = step().on(now);
    answer = outcome.answer();
    if (!outcome.changes()) {
      return;
    }
    Object next = outcome.next();
    if (next == null) {
      recordStore.delete(dataKey, CallerProvenance.NOT_WAN);
    } else {
      recordStore.setWithUncountedAccess(dataKey, next, true, BY_CONFIGURATION, BY_CONFIGURATION);
    }
  }

  @Override
  public @Nullable Object getResponse() {
    return answer;
  }

  /** Also when nothing changed: a repeated step may be one whose backup never came. */
  @Override
  public boolean shouldBackup() {
    return mapContainer.getTotalBackupCount() > 0;
  }

  @Override
  public int getSyncBackupCount() {
    return mapContainer.getBackupCount();
  }

  @Override
  public int getAsyncBackupCount() {
    return mapContainer.getAsyncBackupCount();
  }

  @Override
  public Operation getBackupOperation() {
    return new EntryBackupOperation(name, dataKey, step());
  }

  @Override
  protected void writeInternal(ObjectDataOutput out) throws IOException {
    super.writeInternal(out);
    out.writeObject(step());
  }

  @Override
  protected void readInternal(ObjectDataInput in) throws IOException {
    super.readInternal(in);
    step = in.readObject();
  }

  @Override
  public int getFactoryId() {
    return FACTORY_ID;
  }

  @Override
  public int getClassId() {
    return CLASS_ID;
  }
}
