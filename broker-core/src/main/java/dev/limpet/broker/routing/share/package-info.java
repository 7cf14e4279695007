/** Share groups: their members, and whose turn it is. Sends nothing. */
@NullMarked
package dev.limpet.broker.routing.share;

import org.jspecify.annotations.NullMarked;
