package dev.limpet.cluster.directory;

import com.hazelcast.core.ReadOnly;
import com.hazelcast.map.EntryProcessor;
import java.util.Map.Entry;
import org.jspecify.annotations.Nullable;

/**
 * Asks whether there is an orphan to adopt; null for no, so that few answers are sent. Immutable.
 */
final class OrphanQuestion implements EntryProcessor<String, ClaimRecord, Boolean>, ReadOnly {
  private static final long serialVersionUID = 1L;

  final transient AdoptOrphanStep.Terms terms;

  OrphanQuestion(AdoptOrphanStep.Terms terms) {
    this.terms = terms;
  }

  @Override
  public @Nullable Boolean process(Entry<String, ClaimRecord> entry) {
    ClaimRecord record = entry.getValue();
    return record != null && terms.admit(record) ? Boolean.TRUE : null;
  }
}
