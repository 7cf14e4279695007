/**
 * Manages one session on one connection: from the admission of CONNECT until the last state is
 * stored and the claim released. Also handles takeovers by a newer claim ({@code Succession}), and
 * holds what all clients of a node share ({@code ConnectionPorts}, {@code Attachments}).
 *
 * <p>Handles no packets; it only asks the connection to close. {@code connect}, {@code connected}
 * and the composition root call in; the cluster does so through {@code routing.ConnectedSessions}.
 */
@NullMarked
package dev.limpet.broker.connection.attachment;

import org.jspecify.annotations.NullMarked;
