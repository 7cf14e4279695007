package dev.limpet.cluster.directory;

import com.hazelcast.map.EntryProcessor;
import java.util.Map.Entry;
import org.jspecify.annotations.Nullable;

/**
 * One atomic change of a claim record, repeatable: the second run of the same attempt changes
 * nothing and answers the same. Runs on the partition's thread of the owner, then of the backup.
 */
abstract class DirectoryStep implements EntryProcessor<String, ClaimRecord, ClaimAnswer> {
  private static final long serialVersionUID = 1L;

  /** Random, the same for each repetition of one call. */
  final long attempt;

  DirectoryStep(long attempt) {
    this.attempt = attempt;
  }

  @Override
  public final ClaimAnswer process(Entry<String, ClaimRecord> entry) {
    ClaimRecord now = entry.getValue();
    if (now != null && now.attempt() == attempt && now.answer() != null) {
      return now.answer();
    }
    ClaimRecord next = apply(now);
    if (next == null || next.answer() == null) {
      return ClaimAnswer.NOTHING;
    }
    // What hands nothing over needs no second telling, so a finished record can go at once.
    boolean gone = next.isDone() && next.answer().will() == null;
    entry.setValue(gone ? null : next);
    return next.answer();
  }

  /** The record after this step, with its answer; null to leave it as it is. */
  abstract @Nullable ClaimRecord apply(@Nullable ClaimRecord now);
}
