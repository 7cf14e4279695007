package dev.limpet.broker.spi.store;

/** What a node keeps beyond its connections. Immutable. */
public record Stores(SessionStore sessions, RetainedStore retained) {}
