package dev.limpet.broker.delivery;

import dev.limpet.broker.io.Lane;
import dev.limpet.broker.session.SessionOutput;
import dev.limpet.broker.spi.Claim;
import dev.limpet.broker.spi.store.SessionStore;
import java.util.function.BooleanSupplier;

/**
 * Groups what a reader needs to access its inbox. Immutable.
 *
 * @param output the connection it sends to
 * @param isConfirmed whether the node may send what is in inboxes: others have not gone on without
 *     it
 * @param onFailure the store refused a read or write; run on the lane: the connection ends
 */
public record InboxAccess(
    SessionStore store,
    Claim claim,
    Lane lane,
    SessionOutput output,
    BooleanSupplier isConfirmed,
    Runnable onFailure) {}
