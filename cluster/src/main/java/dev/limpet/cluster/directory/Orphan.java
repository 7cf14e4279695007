package dev.limpet.cluster.directory;

import dev.limpet.broker.mqtt.Will;
import dev.limpet.broker.spi.Claim;
import org.jspecify.annotations.Nullable;

/**
 * Represents a claim whose host died. Immutable.
 *
 * @param claim as the dead host held it
 * @param will with its delay still to wait; stays in the directory until taken
 */
public record Orphan(Claim claim, @Nullable Will will) {}
