/**
 * One session on one connection: from the moment CONNECT is let in until its last state is stored
 * and its claim released. Also what all clients of a node share, and what a newer claim takes over.
 * {@code connected} and {@code connect} call in.
 */
@NullMarked
package dev.limpet.broker.connection.attachment;

import org.jspecify.annotations.NullMarked;
