package dev.limpet.broker.spi.cluster;

import dev.limpet.broker.spi.Claim;

/**
 * Shows a claim to operators. Immutable.
 *
 * @param connected false once the claim was released
 * @param address of the client, as the host saw it
 */
public record ClaimView(Claim claim, boolean connected, String address) {}
