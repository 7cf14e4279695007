/**
 * The broker's only package that uses non-public API of Netty and Vert.x: lanes, accepting, reading
 * into shared buffers, sending past Netty's queue of writes, and the bound of bytes sockets have
 * not taken.
 *
 * <p>Knows no packets and no sessions; sees {@code metrics} only. {@code delivery} and the packages
 * above it call in, and so does the {@code cluster} module. An upgrade of Netty or Vert.x begins
 * here.
 */
@NullMarked
package dev.limpet.broker.io;

import org.jspecify.annotations.NullMarked;
