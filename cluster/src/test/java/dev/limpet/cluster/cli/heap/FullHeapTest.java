package dev.limpet.cluster.cli.heap;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Issue 7, item 4: when a heap counts as full although no error was seen. */
class FullHeapTest {

  private static final long MAX = 1_000;

  private final FullHeap heap = new FullHeap();

  @Test
  void a_heap_that_stays_full_after_five_full_collections_is_at_its_end() {
    assertThat(full(4)).isFalse();
    assertThat(heap.look(1, 950, MAX)).isTrue();
  }

  @Test
  void a_collection_that_frees_more_begins_the_count_anew() {
    assertThat(full(4)).isFalse();
    assertThat(heap.look(3, 949, MAX)).isFalse();
    assertThat(full(4)).isFalse();
  }

  @Test
  void looks_between_slow_collections_do_not_interrupt_the_count() {
    for (int i = 0; i < FullHeap.FULL_MAX - 1; i++) {
      assertThat(heap.look(1, MAX, MAX)).isFalse();
      assertThat(quiet(FullHeap.QUIET_MAX - 1)).isFalse();
    }
    assertThat(heap.look(1, MAX, MAX)).isTrue();
  }

  @Test
  void a_node_that_fills_its_heap_and_has_peace_runs_on() {
    for (int i = 0; i < 3 * FullHeap.FULL_MAX; i++) {
      assertThat(heap.look(1, MAX, MAX)).isFalse();
      assertThat(quiet(FullHeap.QUIET_MAX)).isFalse();
    }
  }

  private boolean full(int looks) {
    boolean ended = false;
    for (int i = 0; i < looks; i++) {
      ended |= heap.look(1, 950, MAX);
    }
    return ended;
  }

  private boolean quiet(int looks) {
    boolean ended = false;
    for (int i = 0; i < looks; i++) {
      ended |= heap.look(0, 0, MAX);
    }
    return ended;
  }
}
