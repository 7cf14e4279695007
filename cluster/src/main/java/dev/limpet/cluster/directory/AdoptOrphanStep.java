package dev.limpet.cluster.directory;

import dev.limpet.broker.mqtt.NodeId;
import dev.limpet.broker.mqtt.Will;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Releases the claim of a host that died. Its will stays in the record until a node takes it, so
 * that a client that reconnects in time still cancels it. Immutable.
 */
final class AdoptOrphanStep extends DirectoryStep {
  private static final long serialVersionUID = 1L;

  final transient Terms terms;

  /**
   * Whose claims are orphans. Immutable.
   *
   * @param departed nodes known to have left
   * @param live nodes known to live; a host in neither set may have joined a moment ago
   * @param settledMillis claims made before this wall clock belong to hosts that are in one set
   * @param leftOver epoch of a claim that its host knows nothing of; 0 for none
   */
  record Terms(
      NodeId adopter,
      Set<NodeId> departed,
      Set<NodeId> live,
      long settledMillis,
      long leftOver,
      long nowMillis) {

    /** Exactly the claim with this epoch. */
    static Terms leftOver(NodeId adopter, long epoch, long nowMillis) {
      return new Terms(adopter, Set.of(), Set.of(), 0, epoch, nowMillis);
    }

    /** Whether there is something to adopt. */
    boolean admit(ClaimRecord record) {
      return isOrphan(record) && (record.connected() || record.will() != null || record.ended());
    }

    private boolean isOrphan(ClaimRecord record) {
      NodeId host = record.host();
      return record.epoch() == leftOver
          || departed.contains(host)
          || !live.contains(host) && ClaimStep.millisOf(record.epoch()) < settledMillis;
    }
  }

  AdoptOrphanStep(Terms terms, long attempt) {
    super(attempt);
    this.terms = terms;
  }

  @Override
  @Nullable ClaimRecord apply(@Nullable ClaimRecord now) {
    if (now == null || !terms.admit(now)) {
      return null;
    }
    Will will = now.will();
    long dueAtMillis =
        will == null || !now.connected()
            ? now.willDueAtMillis()
            : terms.nowMillis + will.delaySeconds() * 1000;
    ClaimAnswer answer =
        new ClaimAnswer(
            0, now.host(), now.epoch(), stillToWait(will, dueAtMillis), now.connected());
    return now.released(false)
        .heldBy(terms.adopter)
        .withWill(will, dueAtMillis)
        .answered(attempt, now.isDone() ? ClaimAnswer.NOTHING : answer);
  }

  private @Nullable Will stillToWait(@Nullable Will will, long dueAtMillis) {
    if (will == null) {
      return null;
    }
    long delayMillis = Math.max(0, dueAtMillis - terms.nowMillis);
    return new Will(
        will.topic(),
        will.payload(),
        will.qos(),
        will.retain(),
        (delayMillis + 999) / 1000,
        will.messageExpirySeconds(),
        will.properties());
  }
}
