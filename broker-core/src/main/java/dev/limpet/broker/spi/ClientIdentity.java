package dev.limpet.broker.spi;

import dev.limpet.broker.mqtt.ClientId;
import org.jspecify.annotations.Nullable;

/** Holds the proved identity of a connection's client. Immutable. */
public record ClientIdentity(ClientId clientId, @Nullable String userName, String address) {}
