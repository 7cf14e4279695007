package dev.limpet.cluster.directory;

import dev.limpet.broker.mqtt.NodeId;
import dev.limpet.broker.mqtt.Will;
import org.jspecify.annotations.Nullable;

/**
 * Holds the directory's state of one client id. Immutable.
 *
 * @param connected false once the claim was released
 * @param ended whether the session has ended, so that the record goes with its will
 * @param will not published or dropped yet
 * @param willDueAtMillis wall clock at which a kept will is due; 0 while connected
 * @param address of the client, for operators
 * @param last the step that wrote this record
 */
record ClaimRecord(
    NodeId host,
    long epoch,
    boolean connected,
    boolean ended,
    @Nullable Will will,
    long willDueAtMillis,
    String address,
    LastStep last) {

  /**
   * The step that wrote a record, so that its repetition is recognized. Immutable.
   *
   * @param attempt random number of the step
   * @param answer what it answered
   */
  record LastStep(long attempt, @Nullable ClaimAnswer answer) {}

  /** Whether it is only needed to repeat its last answer. */
  boolean isDone() {
    return ended && !connected && will == null;
  }

  ClaimRecord withWill(@Nullable Will newWill, long dueAtMillis) {
    return new ClaimRecord(host, epoch, connected, ended, newWill, dueAtMillis, address, last);
  }

  /** Released, for good if {@code sessionEnds}. */
  ClaimRecord released(boolean sessionEnds) {
    return new ClaimRecord(
        host, epoch, false, ended || sessionEnds, will, willDueAtMillis, address, last);
  }

  ClaimRecord heldBy(NodeId newHost) {
    return new ClaimRecord(newHost, epoch, connected, ended, will, willDueAtMillis, address, last);
  }

  ClaimRecord answered(long attempt, ClaimAnswer answer) {
    LastStep step = new LastStep(attempt, answer);
    return new ClaimRecord(host, epoch, connected, ended, will, willDueAtMillis, address, step);
  }
}
