package dev.limpet.cluster.watchdog;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

/** Issue 9, "stuck is dead". The kind: a thread that is alive and runs nothing. */
class ThreadProbeTest {

  private final Queue<Runnable> queue = new ArrayDeque<>();

  @Test
  void a_thread_that_runs_its_tasks_is_well() {
    ThreadProbe probe =
        new ThreadProbe(StuckState.EVENT_LOOP).and("the loop", Runnable::run).and("it", queue::add);
    for (int i = 0; i < 3; i++) {
      assertThat(probe.look()).isEmpty();
      queue.remove().run();
      assertThat(probe.haveAllAnswered()).isTrue();
    }
  }

  @Test
  void a_thread_that_runs_nothing_is_named_and_gets_no_more_tasks() {
    ThreadProbe probe =
        new ThreadProbe(StuckState.EVENT_LOOP).and("one", Runnable::run).and("two", queue::add);
    probe.look();
    Symptom first = probe.look().orElseThrow();
    Symptom second = probe.look().orElseThrow();
    assertThat(first).isEqualTo(second);
    assertThat(first.sentence()).isEqualTo("Nothing runs on two.");
    assertThat(queue).hasSize(1);
    assertThat(probe.haveAllAnswered()).isFalse();
    queue.remove().run();
    assertThat(probe.look()).isEmpty();
    assertThat(probe.look().orElseThrow().subject()).isNotEqualTo(first.subject());
  }

  @Test
  void a_thread_that_was_closed_is_not_stuck() {
    ThreadProbe probe =
        new ThreadProbe(StuckState.EVENT_LOOP)
            .and(
                "closed",
                task -> {
                  throw new RejectedExecutionException();
                });
    probe.look();
    assertThat(probe.look()).isEmpty();
  }
}
