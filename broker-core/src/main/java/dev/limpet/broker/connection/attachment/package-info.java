/**
 * One session on one connection: from the moment CONNECT is let in until the last state is stored
 * and the claim released. Also what a newer claim takes over ({@code Succession}), and what all
 * clients of a node share ({@code ConnectionPorts}, {@code Attachments}).
 *
 * <p>Handles no packets; it only asks the connection to close. {@code connect}, {@code connected}
 * and the composition root call in; the cluster does so through {@code routing.ConnectedSessions}.
 */
@NullMarked
package dev.limpet.broker.connection.attachment;

import org.jspecify.annotations.NullMarked;
