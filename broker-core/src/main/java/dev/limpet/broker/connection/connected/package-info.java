/**
 * The main stage of a connection: PUBLISH, SUBSCRIBE, acknowledgements and AUTH of a client that is
 * let in. {@code connect} makes it.
 */
@NullMarked
package dev.limpet.broker.connection.connected;

import org.jspecify.annotations.NullMarked;
