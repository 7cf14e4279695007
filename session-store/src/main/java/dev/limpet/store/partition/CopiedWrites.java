package dev.limpet.store.partition;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.HazelcastInstanceAware;
import com.hazelcast.map.EntryProcessor;
import dev.limpet.broker.spi.durable.DurableSession;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Applies {@link PartitionWrites} on a member that keeps a copy of the partition, and reports the
 * change to its count. Confined to the partition's thread.
 */
public final class CopiedWrites
    implements EntryProcessor<String, DurableSession, byte[]>, HazelcastInstanceAware {
  private static final long serialVersionUID = 1L;

  public final transient PartitionWrites writes;
  private transient @Nullable HazelcastInstance member;

  public CopiedWrites(PartitionWrites writes) {
    this.writes = writes;
  }

  @Override
  public void setHazelcastInstance(HazelcastInstance where) {
    member = where;
  }

  @Override
  public byte[] process(Map.Entry<String, DurableSession> entry) {
    byte[] answer = writes.process(entry);
    HazelcastInstance here = member;
    InboxChanges count = here == null ? null : InboxChanges.of(here);
    if (count != null) {
      int partition = here.getPartitionService().getPartition(entry.getKey()).getPartitionId();
      count.copied(partition, writes.takeChanges());
    }
    return answer;
  }
}
