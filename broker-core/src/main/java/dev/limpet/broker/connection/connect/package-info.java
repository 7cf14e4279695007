/**
 * From a new socket to CONNACK: waiting for CONNECT, authentication, claim, eviction of the
 * connection before, opening the session. The composition root calls in.
 */
@NullMarked
package dev.limpet.broker.connection.connect;

import org.jspecify.annotations.NullMarked;
