package dev.limpet.cluster.audit;

import dev.limpet.broker.mqtt.ClientId;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * A difference that was seen once. Immutable.
 *
 * @param evidence what was compared: a second look has to find the same
 * @param mend tells whether there was something to mend
 */
record Finding(
    Repair kind, ClientId clientId, Object evidence, Supplier<CompletionStage<Boolean>> mend) {

  boolean isSame(Finding other) {
    return kind == other.kind && clientId.equals(other.clientId) && evidence.equals(other.evidence);
  }
}
