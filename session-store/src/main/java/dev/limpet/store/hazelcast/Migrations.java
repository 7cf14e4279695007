package dev.limpet.store.hazelcast;

import com.hazelcast.cluster.Member;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.internal.partition.InternalPartition;
import com.hazelcast.internal.partition.PartitionReplica;
import com.hazelcast.internal.partition.impl.InternalPartitionServiceImpl;
import com.hazelcast.internal.partition.impl.MigrationManager;
import com.hazelcast.spi.impl.NodeEngineImpl;
import com.hazelcast.spi.impl.PartitionSpecificRunnable;
import org.jspecify.annotations.Nullable;

/**
 * Shows how a member moves and copies partitions. Thread-safe. Only {@link #areCopiesInStep} and
 * {@link #planAgain} block.
 */
public final class Migrations {
  /** The copy that {@code StoreMaps} keeps beside the owner. */
  private static final int BACKUP = 1;

  private final NodeEngineImpl engine;
  private final InternalPartitionServiceImpl partitions;
  private final MigrationManager manager;

  public Migrations(HazelcastInstance member) {
    this.engine = MemberInternals.engine(member);
    this.partitions = (InternalPartitionServiceImpl) engine.getPartitionService();
    this.manager = partitions.getMigrationManager();
  }

  /** Whether this member leads the cluster: it plans the migrations of all. */
  public boolean isMaster() {
    return partitions.isLocalMemberMaster();
  }

  /** Tasks of this member that are planned or under way. */
  public int pending() {
    return manager.getMigrationQueueSize() + manager.getActiveMigrations().size();
  }

  /** A number that changes whenever the partition table does. */
  public long tableStamp() {
    return partitions.getPartitionStateStamp();
  }

  /** A number that changes whenever a migration comes one step further. */
  public long progress() {
    return 31 * (31 * tableStamp() + manager.getStats().getTotalCompletedMigrations())
        + manager.getStats().getTotalElapsedMigrationOperationTimeNanoseconds();
  }

  /** Whether partitions have been given out at all. */
  public boolean areGivenOut() {
    return tableStamp() != 0;
  }

  /** Counts the partitions that no live member owns; 0 before they are given out. */
  public int withoutOwner() {
    int count = 0;
    if (areGivenOut()) {
      for (InternalPartition partition : partitions.getInternalPartitions()) {
        count += isLive(partition.getReplica(0)) ? 0 : 1;
      }
    }
    return count;
  }

  /** Counts the partitions owned here that are given to no live member as a copy. */
  public int withoutCopy() {
    int count = 0;
    for (InternalPartition partition : partitions.getInternalPartitions()) {
      count += partition.isLocal() && !isLive(partition.getReplica(BACKUP)) ? 1 : 0;
    }
    return count;
  }

  /** Counts the partitions that this member owns. */
  public int owned() {
    int count = 0;
    for (InternalPartition partition : partitions.getInternalPartitions()) {
      count += partition.isLocal() ? 1 : 0;
    }
    return count;
  }

  /** Counts the partitions that this member has a copy of. */
  public int backedUp() {
    Member self = engine.getLocalMember();
    int count = 0;
    for (InternalPartition partition : partitions.getInternalPartitions()) {
      PartitionReplica replica = partition.getReplica(BACKUP);
      count += replica != null && replica.isIdentical(self) ? 1 : 0;
    }
    return count;
  }

  /**
   * Asks the members that have the copies of this one's partitions whether they have every write;
   * those that have not get it. Blocks for up to 10 s.
   */
  public boolean areCopiesInStep() {
    return partitions.getPartitionReplicaStateChecker().checkAndTriggerReplicaSync();
  }

  /** Has the master plan the migrations anew; does nothing elsewhere. Takes a lock. */
  public void planAgain() {
    if (isMaster()) {
      manager.resumeMigration();
      manager.triggerControlTask();
    }
  }

  /** How many threads work on partitions. */
  public int threads() {
    return engine.getOperationService().getPartitionThreadCount();
  }

  /**
   * Runs a task on one of these threads.
   *
   * @param thread below {@link #threads}; -1 for one of those that work on no partition
   */
  public void runOn(int thread, Runnable task) {
    engine
        .getOperationService()
        .execute(
            new PartitionSpecificRunnable() {
              @Override
              public int getPartitionId() {
                return thread;
              }

              @Override
              public void run() {
                task.run();
              }
            });
  }

  private boolean isLive(@Nullable PartitionReplica replica) {
    return replica != null
        && engine.getClusterService().getMember(replica.address(), replica.uuid()) != null;
  }
}
