package dev.limpet.broker.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.lang.ref.Reference;
import org.junit.jupiter.api.Test;

/** The gauge of the heap of this very process. */
class HeapGaugeTest {
  private static final int BLOCK_BYTES = 100 << 20;

  private final HeapGauge gauge = new HeapGauge();

  @Test
  void what_a_collection_leaves_is_held_and_what_it_frees_is_not() {
    byte[] block = new byte[BLOCK_BYTES];
    System.gc();
    await().until(() -> gauge.heldBytes(0) > BLOCK_BYTES);
    long with = gauge.heldBytes(0);
    Reference.reachabilityFence(block);
    block = null;
    System.gc();
    await().until(() -> gauge.heldBytes(0) < with - BLOCK_BYTES / 2);
  }

  @Test
  void what_queues_shrink_by_after_a_collection_counts_at_once() {
    byte[] block = new byte[BLOCK_BYTES];
    System.gc();
    await().until(() -> gauge.heldBytes(BLOCK_BYTES) > BLOCK_BYTES);
    await() // a collection in the middle of it would begin it anew
        .untilAsserted(
            () -> {
              long full = gauge.heldBytes(BLOCK_BYTES);
              assertThat(gauge.heldBytes(0)).isEqualTo(full - BLOCK_BYTES);
              assertThat(gauge.heldBytes(BLOCK_BYTES)).isEqualTo(full);
            });
    Reference.reachabilityFence(block);
  }
}
