/**
 * A whole MQTT broker for one node: the composition root, its options and the embedded form.
 *
 * <p>Here live only the classes an embedding application touches and the wiring behind them.
 * Protocol, sessions and routing live in the packages below; nothing here knows Hazelcast or
 * another node. Applications and the {@code cluster} module call in; no package below may.
 */
@NullMarked
package dev.limpet.broker;

import org.jspecify.annotations.NullMarked;
