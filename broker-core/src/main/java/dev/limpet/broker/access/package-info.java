/**
 * Who may connect and what clients may do, from files: passwords and access rules, and chains of
 * such.
 *
 * <p>Implements the ports {@code Authenticator} and {@code Authorizer}; whoever puts a broker
 * together calls in. Knows no connection and no Vert.x but its buffer. Hashing passwords runs on
 * threads of its own, never on a lane.
 */
@NullMarked
package dev.limpet.broker.access;

import org.jspecify.annotations.NullMarked;
