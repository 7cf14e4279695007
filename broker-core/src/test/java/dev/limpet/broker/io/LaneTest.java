package dev.limpet.broker.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tasks of a lane that were put together do not depend on each other. */
class LaneTest {
  private final EmbeddedLane embedded = new EmbeddedLane();
  private final Lane lane = embedded.lane();
  private final List<String> ran = new ArrayList<>();

  private void outOfMemory() {
    ran.add("severe");
    throw new OutOfMemoryError("for a test");
  }

  @Test
  void an_error_at_the_end_of_a_tick_takes_no_other_task_with_it() {
    lane.atEndOfTick(() -> ran.add("before"));
    lane.atEndOfTick(this::outOfMemory);
    lane.atEndOfTick(() -> ran.add("behind"));
    assertThatThrownBy(embedded::run).isInstanceOf(OutOfMemoryError.class);
    assertThat(ran).containsExactly("before", "severe", "behind");

    for (int tick = 1; tick <= 2; tick++) { // two lists take turns
      ran.clear();
      lane.atEndOfTick(() -> ran.add("next"));
      embedded.run();
      assertThat(ran).containsExactly("next");
    }
  }

  @Test
  void an_error_in_what_was_handed_over_takes_no_other_task_with_it() {
    EmbeddedLane other = new EmbeddedLane();
    lane.handOver(other.lane(), this::outOfMemory);
    lane.handOver(other.lane(), () -> ran.add("behind"));
    embedded.run();
    assertThatThrownBy(other::run).isInstanceOf(OutOfMemoryError.class);
    assertThat(ran).containsExactly("severe", "behind");
  }
}
