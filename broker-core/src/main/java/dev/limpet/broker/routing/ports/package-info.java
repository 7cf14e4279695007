/**
 * What routing stands on, how it numbers publications, and what it answers. The lowest package of
 * routing: it sees none of the others.
 */
@NullMarked
package dev.limpet.broker.routing.ports;

import org.jspecify.annotations.NullMarked;
