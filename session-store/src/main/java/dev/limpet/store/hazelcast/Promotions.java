package dev.limpet.store.hazelcast;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.internal.partition.MigrationInfo;
import com.hazelcast.internal.partition.impl.InternalPartitionServiceImpl;
import com.hazelcast.internal.partition.impl.MigrationInterceptor;
import com.hazelcast.internal.partition.impl.MigrationManager;
import com.hazelcast.internal.partition.operation.PromotionCommitOperation;
import com.hazelcast.spi.impl.NodeEngineImpl;
import com.hazelcast.spi.impl.operationexecutor.impl.OperationThread;
import com.hazelcast.spi.impl.operationservice.Operation;
import com.hazelcast.spi.impl.operationservice.OperationAccessor;
import com.hazelcast.spi.impl.operationservice.impl.Invocation;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the promotions of a member's copies from getting stuck. A promotion runs in three stages;
 * the first takes the member's only permit, the last gives it back. Hazelcast refuses to start a
 * stage later than {@code hazelcast.max.no.heartbeat.seconds} after the promotion was asked for, so
 * that on a machine without CPU the permit was never given back, and the member never promoted,
 * merged or migrated again. Here a promotion that has begun has no such limit.
 *
 * <p>Thread-safe. No method blocks.
 */
public final class Promotions {
  private final NodeEngineImpl engine;
  private final InternalPartitionServiceImpl partitions;
  private final MigrationManager migrations;
  private final AtomicLong begun = new AtomicLong();
  private volatile Collection<MigrationInfo> underWay = List.of();

  private Promotions(NodeEngineImpl engine, InternalPartitionServiceImpl partitions) {
    this.engine = engine;
    this.partitions = partitions;
    this.migrations = partitions.getMigrationManager();
    partitions.setMigrationInterceptor(new Unhurried());
  }

  /** Lets the promotions of a member take their time from now on. Once for each member. */
  public static Promotions unhurried(HazelcastInstance member) {
    NodeEngineImpl engine = MemberInternals.engine(member);
    return new Promotions(engine, (InternalPartitionServiceImpl) engine.getPartitionService());
  }

  /**
   * Whether a promotion has taken the permit. Looks by taking it for a moment; a promotion that
   * comes just then is repeated by its master.
   */
  public boolean isPermitTaken() {
    boolean free = migrations.acquirePromotionPermit();
    if (free) {
      migrations.releasePromotionPermit();
    }
    return !free;
  }

  /** How many promotions have begun on this member. */
  public long begun() {
    return begun.get();
  }

  /**
   * Gives the permit back and forgets the promotion that holds it; its master asks again. Only for
   * one that does not go on: of two at a time, one would undo the other's work.
   */
  public void giveBack() {
    for (MigrationInfo promotion : underWay) {
      int partition = promotion.getPartitionId();
      if (migrations.getActiveMigration(partition) == null
          && !migrations.isFinalizingMigrationRegistered(partition)) {
        partitions.getPartitionStateManager().clearMigratingFlag(partition);
      }
    }
    underWay = List.of();
    migrations.releasePromotionPermit();
  }

  /** The promotion whose first stage this thread runs. */
  private @Nullable Operation running() {
    if (Thread.currentThread() instanceof OperationThread thread
        && thread.operationRunner(Operation.GENERIC_PARTITION_ID).currentTask()
            instanceof PromotionCommitOperation promotion) {
      return promotion;
    }
    // The master's own migration thread runs the first stage of its own promotion.
    for (Invocation<?> invocation : engine.getOperationService().getInvocationRegistry()) {
      if (invocation.op instanceof PromotionCommitOperation promotion) {
        return promotion;
      }
    }
    return null;
  }

  /** Called by Hazelcast between a promotion's taking the permit and its second stage. */
  private final class Unhurried implements MigrationInterceptor {
    @Override
    public void onPromotionStart(
        MigrationParticipant participant, Collection<MigrationInfo> promotions) {
      if (participant == MigrationParticipant.DESTINATION) {
        Operation promotion = running();
        if (promotion != null) {
          OperationAccessor.setCallTimeout(promotion, Long.MAX_VALUE);
        }
        underWay = List.copyOf(promotions);
        begun.incrementAndGet();
      }
    }

    @Override
    public void onPromotionComplete(
        MigrationParticipant participant, Collection<MigrationInfo> promotions, boolean success) {
      if (participant == MigrationParticipant.DESTINATION) {
        underWay = List.of();
      }
    }
  }
}
