package dev.limpet.cluster.directory;

import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.spi.Claim;

/**
 * Shows a claim to the audit. Immutable.
 *
 * @param connected false once it was released
 * @param pending whether its host has something to do yet: a will, or the end of its record
 */
public record StoredClaim(Claim claim, boolean connected, boolean pending) {

  static StoredClaim of(String clientId, ClaimRecord record) {
    return new StoredClaim(
        new Claim(ClientId.of(clientId), record.host(), record.epoch()),
        record.connected(),
        record.will() != null || record.ended());
  }
}
