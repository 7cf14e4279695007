package dev.limpet.cluster.directory;

import dev.limpet.broker.mqtt.NodeId;
import dev.limpet.broker.mqtt.Will;
import org.jspecify.annotations.Nullable;

/** Claims a client id for a new connection. Immutable. */
final class ClaimStep extends DirectoryStep {
  private static final long serialVersionUID = 1L;

  /**
   * Room for 4,096 claims of one client id in a millisecond before epochs run ahead of the clock.
   */
  private static final int EPOCHS_PER_MILLI_BITS = 12;

  final transient Terms terms;

  /**
   * The caller's request. Immutable.
   *
   * @param nowMillis wall clock of the caller: epochs rise also after a record was forgotten
   */
  record Terms(NodeId host, @Nullable Will will, String address, long nowMillis) {}

  ClaimStep(Terms terms, long attempt) {
    super(attempt);
    this.terms = terms;
  }

  /** When the claim with this epoch was made, at the latest. */
  static long millisOf(long epoch) {
    return epoch >> EPOCHS_PER_MILLI_BITS;
  }

  @Override
  ClaimRecord apply(@Nullable ClaimRecord now) {
    long clock = terms.nowMillis << EPOCHS_PER_MILLI_BITS;
    long epoch = now == null ? clock : Math.max(now.epoch() + 1, clock);
    ClaimAnswer answer =
        now == null
            ? new ClaimAnswer(epoch, null, 0, null, false)
            : new ClaimAnswer(
                epoch,
                now.connected() ? now.host() : null,
                now.connected() ? now.epoch() : 0,
                now.will(),
                true);
    return new ClaimRecord(
        terms.host,
        epoch,
        true,
        false,
        terms.will,
        0,
        terms.address,
        new ClaimRecord.LastStep(attempt, answer));
  }
}
