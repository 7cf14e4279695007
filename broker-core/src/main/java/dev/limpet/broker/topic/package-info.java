/**
 * Topic names, topic filters, the tree that matches one topic against many filters, and the index
 * that matches one filter against many topics.
 *
 * <p>Pure: no Vert.x, no threads, no clock, no other package of the broker. Every package may call
 * in.
 */
@NullMarked
package dev.limpet.broker.topic;

import org.jspecify.annotations.NullMarked;
