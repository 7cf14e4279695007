package dev.limpet.broker.spi;

import dev.limpet.broker.mqtt.ClientId;
import org.jspecify.annotations.Nullable;

/** Who a connection has proved to be. Immutable. */
public record ClientIdentity(ClientId clientId, @Nullable String userName, String address) {}
