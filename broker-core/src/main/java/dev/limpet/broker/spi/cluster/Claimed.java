package dev.limpet.broker.spi.cluster;

import dev.limpet.broker.mqtt.Will;
import dev.limpet.broker.spi.Claim;
import org.jspecify.annotations.Nullable;

/**
 * Holds the answer to a claim. Immutable.
 *
 * @param claim the caller's from now on
 * @param previous the claim of a connection that has not been released: evict it; null if none
 * @param unsentWill an unpublished will of the previous connection. The caller owns it now: to
 *     publish if it has no delay or the session ends, else to drop [MQTT-3.1.3-9]
 * @param known whether the directory knew the client id, so that a stored session may exist
 */
public record Claimed(
    Claim claim, @Nullable Claim previous, @Nullable Will unsentWill, boolean known) {}
