package dev.limpet.cluster.directory;

import org.jspecify.annotations.Nullable;

/** Forgets a client id whose session has ended; a pending will is kept until taken. Immutable. */
final class ForgetStep extends DirectoryStep {
  private static final long serialVersionUID = 1L;

  final long epoch;

  ForgetStep(long epoch, long attempt) {
    super(attempt);
    this.epoch = epoch;
  }

  @Override
  @Nullable ClaimRecord apply(@Nullable ClaimRecord now) {
    if (now == null || now.epoch() > epoch) {
      return null;
    }
    return now.released(true).answered(attempt, ClaimAnswer.NOTHING);
  }
}
