/**
 * Holds the parts that the stages of a connection share: the connection itself, its output, a
 * client's last packets, and the bounds of all clients together.
 *
 * <p>{@code MqttConnection} reads one socket and hands each packet to the {@code PacketHandler} of
 * its stage; only its {@code ClientOutput} writes to that socket. The stages live in {@code
 * connect} and {@code connected}, the session on a connection in {@code attachment}. This package
 * knows none of these. They call in, as do the composition root and, for options, the {@code
 * cluster} module.
 */
@NullMarked
package dev.limpet.broker.connection;

import org.jspecify.annotations.NullMarked;
