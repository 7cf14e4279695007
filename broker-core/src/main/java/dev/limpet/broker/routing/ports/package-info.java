/** What routing stands on, and what it answers. The lowest room of routing. */
@NullMarked
package dev.limpet.broker.routing.ports;

import org.jspecify.annotations.NullMarked;
