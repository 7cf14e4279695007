package dev.limpet.broker.connection.listener;

import java.util.function.Predicate;

/**
 * Whose PROXY header counts. Immutable.
 *
 * @param trusted whether a host, a literal address, may speak for others; all others are closed
 * @param namesUser whether the header may also name the user of a client certificate that the
 *     sender has verified
 */
public record ProxyOptions(Predicate<String> trusted, boolean namesUser) {}
