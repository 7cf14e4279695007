package dev.limpet.cluster.directory;

import dev.limpet.broker.mqtt.NodeId;
import dev.limpet.broker.mqtt.Will;
import org.jspecify.annotations.Nullable;

/**
 * Takes a claim up again whose connection lives, unless somebody else holds the client id, or has
 * held it under a newer claim. A will that has been taken meanwhile stays taken. Immutable.
 */
final class RestoreStep extends DirectoryStep {
  private static final long serialVersionUID = 1L;

  final transient Terms terms;

  /** The claim, and the client's address for operators. Immutable. */
  record Terms(NodeId host, long epoch, String address) {}

  RestoreStep(Terms terms, long attempt) {
    super(attempt);
    this.terms = terms;
  }

  @Override
  @Nullable ClaimRecord apply(@Nullable ClaimRecord now) {
    if (now != null && (now.epoch() > terms.epoch || (now.connected() && !isOurs(now)))) {
      return null;
    }
    // A will under an older epoch was this client's to cancel when it connected.
    Will will = now == null || now.epoch() != terms.epoch ? null : now.will();
    ClaimRecord.LastStep step = new ClaimRecord.LastStep(attempt, ClaimAnswer.RELEASED);
    return new ClaimRecord(terms.host, terms.epoch, true, false, will, 0, terms.address, step);
  }

  private boolean isOurs(ClaimRecord record) {
    return record.epoch() == terms.epoch && record.host().equals(terms.host);
  }
}
