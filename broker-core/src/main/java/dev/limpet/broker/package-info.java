/**
 * A whole MQTT broker for one node: the composition root {@code Broker}, its options and ports, and
 * the embedded form.
 *
 * <p>Here live the classes that an embedding application touches and the wiring behind them.
 * Protocol, sessions and routing live in the packages below. This package reaches other nodes
 * through {@code BrokerPorts} only and never sees Hazelcast. Applications and the {@code cluster}
 * module call in; no package below does.
 */
@NullMarked
package dev.limpet.broker;

import org.jspecify.annotations.NullMarked;
