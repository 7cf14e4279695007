package dev.limpet.store;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.HazelcastInstanceAware;
import com.hazelcast.core.ReadOnly;
import com.hazelcast.map.EntryProcessor;
import dev.limpet.broker.spi.StoreUsage;
import dev.limpet.broker.spi.durable.DurableSession;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Measures one inbox where it lies, for the count of that member: on the partition's thread, where
 * no write comes between. Confined to Hazelcast's threads.
 */
final class MeasureInbox
    implements EntryProcessor<String, DurableSession, Boolean>, ReadOnly, HazelcastInstanceAware {
  private static final long serialVersionUID = 1L;

  final UUID counting;
  private transient volatile @Nullable InboxCount count;

  /**
   * @param counting the member that counts: a partition that moved meanwhile is counted by its new
   *     owner
   */
  MeasureInbox(UUID counting) {
    this.counting = counting;
  }

  @Override
  public void setHazelcastInstance(HazelcastInstance member) {
    boolean isCounting = member.getCluster().getLocalMember().getUuid().equals(counting);
    count = isCounting ? InboxCount.of(member) : null;
  }

  @Override
  public @Nullable Boolean process(Map.Entry<String, DurableSession> entry) {
    DurableSession session = entry.getValue();
    InboxCount asked = count;
    if (asked != null && session != null) {
      asked.measured(entry.getKey(), new StoreUsage(session.inboxMessages(), session.inboxBytes()));
    }
    return null;
  }

  @Override
  public @Nullable EntryProcessor<String, DurableSession, Boolean> getBackupProcessor() {
    return null;
  }
}
