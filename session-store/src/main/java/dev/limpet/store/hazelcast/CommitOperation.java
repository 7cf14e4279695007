package dev.limpet.store.hazelcast;

import com.hazelcast.internal.serialization.Data;
import com.hazelcast.map.EntryProcessor;
import com.hazelcast.map.impl.operation.MultipleEntryOperation;
import com.hazelcast.nio.serialization.DataSerializableFactory;
import com.hazelcast.nio.serialization.IdentifiedDataSerializable;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Applies a processor to some keys of one partition and answers when every backup has done so too.
 * Hazelcast's own operation on several keys answers when only the owner has done so, whatever the
 * map's configuration says.
 *
 * <p>Rests on inner classes of the pinned Hazelcast. Unlike an operation on one key it does not
 * wait for locks of keys; the store uses none. Confined to Hazelcast's threads.
 */
public final class CommitOperation extends MultipleEntryOperation {
  /** Names {@link #factory}; the store's alone in the cluster. */
  public static final int FACTORY_ID = 7_000;

  private static final int CLASS_ID = 1;

  /** For {@link #factory}: where the operation arrives. */
  private CommitOperation() {}

  CommitOperation(String map, Set<Data> keys, EntryProcessor<?, ?, ?> writes) {
    super(map, keys, writes);
  }

  /** Makes the empty operation that a member fills from received bytes. */
  public static DataSerializableFactory factory() {
    return CommitOperation::ofClass;
  }

  private static @Nullable IdentifiedDataSerializable ofClass(int classId) {
    return classId == CLASS_ID ? new CommitOperation() : null;
  }

  /** This member owns the partition; backups run another operation. */
  @Override
  protected void runInternal() {
    super.runInternal();
    if (entryProcessor instanceof AppliedWrites writes) {
      writes.applied(getNodeEngine().getHazelcastInstance(), getPartitionId());
    }
  }

  @Override
  public int getSyncBackupCount() {
    return mapContainer.getTotalBackupCount();
  }

  @Override
  public int getAsyncBackupCount() {
    return 0;
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
