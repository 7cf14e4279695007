package dev.limpet.cluster.directory;

import com.hazelcast.core.ReadOnly;
import com.hazelcast.map.EntryProcessor;
import java.util.Map.Entry;
import org.jspecify.annotations.Nullable;

/** Asks who holds a client id; without wills, which may be large. Stateless. */
final class ClaimQuestion implements EntryProcessor<String, ClaimRecord, ClaimRecord>, ReadOnly {
  private static final long serialVersionUID = 1L;

  @Override
  public @Nullable ClaimRecord process(Entry<String, ClaimRecord> entry) {
    ClaimRecord record = entry.getValue();
    return record == null
        ? null
        : record.withWill(null, 0).answered(record.last().attempt(), ClaimAnswer.NOTHING);
  }

  @Override
  public @Nullable EntryProcessor<String, ClaimRecord, ClaimRecord> getBackupProcessor() {
    return null;
  }
}
