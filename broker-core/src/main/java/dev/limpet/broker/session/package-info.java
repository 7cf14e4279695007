/**
 * The state machine of one session: send and receive windows, queue, packet ids, aliases, limits.
 *
 * <p>Pure: time and randomness are arguments, effects go to a sink. No Vert.x type but {@code
 * Buffer}, no threads. {@code delivery} and the packages above it call in, always from the
 * session's lane.
 */
@NullMarked
package dev.limpet.broker.session;

import org.jspecify.annotations.NullMarked;
