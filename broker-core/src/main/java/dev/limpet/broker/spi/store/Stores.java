package dev.limpet.broker.spi.store;

/** Groups the stores of state that outlives a node's connections. Immutable. */
public record Stores(SessionStore sessions, RetainedStore retained) {}
