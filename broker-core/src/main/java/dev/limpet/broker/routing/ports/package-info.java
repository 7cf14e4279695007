/**
 * Holds the ports routing depends on, the numbers of publications, and routing's results. The
 * lowest package of routing: it sees none of the others.
 */
@NullMarked
package dev.limpet.broker.routing.ports;

import org.jspecify.annotations.NullMarked;
