/**
 * Decides from files who may connect and what clients may do: password files, access rules, and
 * chains that ask several sources in turn.
 *
 * <p>Implements the ports {@code Authenticator}, {@code EnhancedAuthenticator} and {@code
 * Authorizer}; the composition roots call in. Knows no connection, and of Vert.x nothing but {@code
 * Buffer}. bcrypt runs on the threads of {@code PasswordChecks}, never on a lane; SCRAM is cheap
 * enough for the lane. Counts its decisions itself.
 */
@NullMarked
package dev.limpet.broker.access;

import org.jspecify.annotations.NullMarked;
