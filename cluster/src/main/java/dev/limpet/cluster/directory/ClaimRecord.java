package dev.limpet.cluster.directory;

import dev.limpet.broker.mqtt.NodeId;
import dev.limpet.broker.mqtt.Will;
import org.jspecify.annotations.Nullable;

/**
 * What the directory knows of a client id. Immutable.
 *
 * @param connected false once the claim was released
 * @param ended whether the session has ended, so that the record goes with its will
 * @param will nobody published or dropped yet
 * @param willDueAtMillis wall clock at which a kept will is due; 0 while connected
 * @param address of the client, for operators
 * @param attempt random number of the step that wrote this record, so that a repeated step is
 *     recognized
 * @param answer what that step answered
 */
record ClaimRecord(
    NodeId host,
    long epoch,
    boolean connected,
    boolean ended,
    @Nullable Will will,
    long willDueAtMillis,
    String address,
    long attempt,
    @Nullable ClaimAnswer answer) {

  /** Nobody needs it any more, but for repeating its last answer. */
  boolean isDone() {
    return ended && !connected && will == null;
  }

  ClaimRecord withWill(@Nullable Will newWill, long dueAtMillis) {
    return new ClaimRecord(
        host, epoch, connected, ended, newWill, dueAtMillis, address, attempt, answer);
  }

  /** Released, for good if {@code sessionEnds}. */
  ClaimRecord released(boolean sessionEnds) {
    return new ClaimRecord(
        host, epoch, false, ended || sessionEnds, will, willDueAtMillis, address, attempt, answer);
  }

  ClaimRecord heldBy(NodeId newHost) {
    return new ClaimRecord(
        newHost, epoch, connected, ended, will, willDueAtMillis, address, attempt, answer);
  }

  ClaimRecord answered(long newAttempt, ClaimAnswer newAnswer) {
    return new ClaimRecord(
        host, epoch, connected, ended, will, willDueAtMillis, address, newAttempt, newAnswer);
  }
}
