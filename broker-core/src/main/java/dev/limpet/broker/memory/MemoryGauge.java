package dev.limpet.broker.memory;

/** Reports how much memory is held: in the heap of this process, or as a test sets it. */
@FunctionalInterface
public interface MemoryGauge {

  /**
   * Called about four times a second, by one thread at a time.
   *
   * @param queuedBytes bytes the node knows to be in its queues
   * @return bytes that no garbage collection would free, as far as one can know
   */
  long heldBytes(long queuedBytes);
}
