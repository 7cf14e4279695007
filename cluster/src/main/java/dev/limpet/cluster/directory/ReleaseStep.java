package dev.limpet.cluster.directory;

import dev.limpet.broker.spi.cluster.Release;
import dev.limpet.broker.spi.cluster.Release.WillFate;
import org.jspecify.annotations.Nullable;

/** Releases a claim. Immutable. */
final class ReleaseStep extends DirectoryStep {
  private static final long serialVersionUID = 1L;

  final long epoch;
  final transient Release release;

  ReleaseStep(long epoch, Release release, long attempt) {
    super(attempt);
    this.epoch = epoch;
    this.release = release;
  }

  @Override
  @Nullable ClaimRecord apply(@Nullable ClaimRecord now) {
    if (now == null || now.epoch() != epoch) {
      return null;
    }
    ClaimRecord released = now.released(release.sessionEnds());
    return switch (release.fate()) {
      case DISCARD -> released.withWill(null, 0).answered(attempt, ClaimAnswer.RELEASED);
      case HAND_OVER ->
          released.withWill(null, 0).answered(attempt, ClaimAnswer.handOver(now.will()));
      case KEEP ->
          released
              .withWill(now.will(), release.willDueAtMillis())
              .answered(attempt, ClaimAnswer.RELEASED);
    };
  }

  /** The fate's number in the serialized form. */
  static int number(WillFate fate) {
    return fate.ordinal();
  }

  static WillFate fate(int number) {
    return switch (number) {
      case 0 -> WillFate.DISCARD;
      case 1 -> WillFate.HAND_OVER;
      case 2 -> WillFate.KEEP;
      default -> throw new IllegalArgumentException("unknown fate " + number);
    };
  }
}
