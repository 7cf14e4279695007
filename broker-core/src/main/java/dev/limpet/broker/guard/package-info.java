/**
 * Calls ports so that they fail in one way: an exception, or null instead of an answer, becomes a
 * failed stage. {@code Guard} calls any port; the other classes wrap the ports to the cluster and
 * to the stores.
 *
 * <p>Sees {@code spi} and the values in its signatures, nothing else, and sets no time limit: the
 * caller that waits for a port does. The composition root wraps the ports. A plug-in that decides
 * about clients is asked by way of {@code Guard}: {@code connection.Permissions} takes a failed
 * answer of an authorizer for a refusal, and one of an authenticator refuses that one connection.
 */
@NullMarked
package dev.limpet.broker.guard;

import org.jspecify.annotations.NullMarked;
