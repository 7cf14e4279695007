package dev.limpet.broker.spi.cluster;

import dev.limpet.broker.spi.Claim;

/**
 * What an operator may know of a claim. Immutable.
 *
 * @param connected false once the claim was released
 * @param address of the client, as the host saw it
 */
public record ClaimView(Claim claim, boolean connected, String address) {}
