/**
 * Wraps the ports to the cluster and to the stores: what such a port throws, or null where it owes
 * an answer, becomes a stage that failed. So callers have one kind of failure to handle.
 *
 * <p>Sees {@code spi} and the values in its signatures, nothing else; only the composition root
 * calls in. The guards set no time limit: whoever waits for a port does. A plug-in that decides
 * about clients is not wrapped: {@code connection.Permissions} takes what an authoriser throws for
 * a refusal, and what an authenticator throws ends that one connection.
 */
@NullMarked
package dev.limpet.broker.guard;

import org.jspecify.annotations.NullMarked;
