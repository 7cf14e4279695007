package dev.limpet.cluster.directory;

import org.jspecify.annotations.Nullable;

/** Removes a finished record that was kept only to repeat its last answer. Immutable. */
final class CleanStep extends DirectoryStep {
  private static final long serialVersionUID = 1L;

  final long epoch;

  CleanStep(long epoch, long attempt) {
    super(attempt);
    this.epoch = epoch;
  }

  @Override
  @Nullable ClaimRecord apply(@Nullable ClaimRecord now) {
    boolean finished = now != null && now.epoch() == epoch && now.isDone();
    return finished ? now.answered(attempt, ClaimAnswer.NOTHING) : null;
  }
}
