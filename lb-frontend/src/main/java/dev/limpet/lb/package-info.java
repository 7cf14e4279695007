/**
 * The frontend: reads CONNECT, picks the client's home, hands the socket over or relays it.
 *
 * <p>Usable without a broker: knows MQTT only as far as the client id in CONNECT, and no other
 * module of Limpet. No session state and no table shared with other frontends: {@code Placement}
 * answers alike on all nodes. Only {@code VertxInternals} uses Vert.x's non-public API. The {@code
 * cluster} module calls in.
 */
@NullMarked
package dev.limpet.lb;

import org.jspecify.annotations.NullMarked;
