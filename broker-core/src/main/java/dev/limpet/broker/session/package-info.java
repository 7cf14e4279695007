/**
 * Implements the state machine of one session: send and receive windows, queues, packet ids, parked
 * acknowledgements, limits.
 *
 * <p>Pure: time and randomness are arguments, effects go to a {@code SessionOutput}. No Vert.x type
 * but {@code Buffer}, no threads. {@code delivery} and the packages above it call in from the
 * session's lane. Only {@code QueueBudget}, which all sessions share, is thread-safe.
 */
@NullMarked
package dev.limpet.broker.session;

import org.jspecify.annotations.NullMarked;
