/**
 * Topic names, topic filters and the tree that matches one against many.
 *
 * <p>Pure: no Vert.x, no threads, no clock, no other package of the broker. Everybody may call in.
 */
@NullMarked
package dev.limpet.broker.topic;

import org.jspecify.annotations.NullMarked;
