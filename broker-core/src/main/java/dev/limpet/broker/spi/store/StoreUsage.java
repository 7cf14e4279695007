package dev.limpet.broker.spi.store;

/**
 * Reports how much a store holds. Immutable.
 *
 * @param messages publications
 * @param bytes their sizes, as {@code Publication.bytes()} estimates them, or better
 */
public record StoreUsage(long messages, long bytes) {

  /** Nothing, or nothing known. */
  public static final StoreUsage NONE = new StoreUsage(0, 0);
}
