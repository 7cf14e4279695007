package dev.limpet.cluster.directory;

import dev.limpet.store.hazelcast.Step;
import org.jspecify.annotations.Nullable;

/**
 * Changes a claim record atomically and idempotently: the second run of the same attempt changes
 * nothing and answers the same. Runs on the partition's thread of the owner, then of the backup.
 */
abstract class DirectoryStep implements Step<ClaimRecord, ClaimAnswer> {
  private static final long serialVersionUID = 1L;

  /** Random, the same for each repetition of one call. */
  final long attempt;

  DirectoryStep(long attempt) {
    this.attempt = attempt;
  }

  /** Takes the step, unless this attempt has been there before. */
  @Override
  public final Outcome<ClaimRecord, ClaimAnswer> on(@Nullable ClaimRecord now) {
    if (now != null && now.last().attempt() == attempt && now.last().answer() != null) {
      return new Outcome<>(now.last().answer(), false, now);
    }
    ClaimRecord next = apply(now);
    if (next == null || next.last().answer() == null) {
      return new Outcome<>(ClaimAnswer.NOTHING, false, now);
    }
    // An answer that hands nothing over need not be repeated, so a finished record can go at once.
    boolean gone = next.isDone() && next.last().answer().will() == null;
    return new Outcome<>(next.last().answer(), true, gone ? null : next);
  }

  /** The record after this step, with its answer; null to leave it as it is. */
  abstract @Nullable ClaimRecord apply(@Nullable ClaimRecord now);
}
