package dev.limpet.cluster.cli.heap;

/**
 * Decides when a heap is full for good: after {@value #FULL_MAX} checks, each after another full
 * collection, that found {@value #FULL_PERCENT} % of it in use. A collection that freed more, or
 * {@value #QUIET_MAX} checks in a row without one, restart the count. Confined to its caller.
 */
final class FullHeap {
  static final int FULL_MAX = 5;
  static final int FULL_PERCENT = 95;
  static final int QUIET_MAX = 10;

  private int fullLooks;
  private int quietLooks;

  /**
   * @param collections full ones since the last look
   * @param heldBytes bytes in use after the last of them
   * @param maxBytes bound of the heap
   * @return whether the node has to end
   */
  boolean look(long collections, long heldBytes, long maxBytes) {
    if (collections == 0) {
      quietLooks++;
      fullLooks = quietLooks < QUIET_MAX ? fullLooks : 0;
      return false;
    }
    quietLooks = 0;
    boolean full = heldBytes >= maxBytes / 100 * FULL_PERCENT;
    fullLooks = full ? fullLooks + 1 : 0;
    return fullLooks >= FULL_MAX;
  }
}
