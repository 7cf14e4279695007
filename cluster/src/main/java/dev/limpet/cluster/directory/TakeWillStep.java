package dev.limpet.cluster.directory;

import org.jspecify.annotations.Nullable;

/** Takes a kept will that is due. Immutable. */
final class TakeWillStep extends DirectoryStep {
  private static final long serialVersionUID = 1L;

  final long epoch;

  TakeWillStep(long epoch, long attempt) {
    super(attempt);
    this.epoch = epoch;
  }

  @Override
  @Nullable ClaimRecord apply(@Nullable ClaimRecord now) {
    if (now == null || now.epoch() != epoch || now.connected() || now.will() == null) {
      return null;
    }
    return now.withWill(null, 0).answered(attempt, ClaimAnswer.handOver(now.will()));
  }
}
