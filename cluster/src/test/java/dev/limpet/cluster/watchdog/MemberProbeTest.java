package dev.limpet.cluster.watchdog;

import static org.assertj.core.api.Assertions.assertThat;

import com.hazelcast.core.LifecycleEvent;
import com.hazelcast.core.LifecycleEvent.LifecycleState;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Issue 9, "stuck is dead". The kind: a node that outlives its part in the cluster. */
class MemberProbeTest {

  private final MemberProbe probe = new MemberProbe();

  private Optional<StuckState> after(LifecycleState state) {
    probe.stateChanged(new LifecycleEvent(state));
    return probe.look().map(Symptom::state);
  }

  @Test
  void a_merge_that_ends_is_no_symptom_and_one_that_does_not_is() {
    assertThat(probe.look()).isEmpty();
    assertThat(after(LifecycleState.MERGING)).contains(StuckState.MERGE_UNFINISHED);
    assertThat(after(LifecycleState.MERGED)).isEmpty();
    assertThat(after(LifecycleState.MERGING)).contains(StuckState.MERGE_UNFINISHED);
    assertThat(after(LifecycleState.MERGE_FAILED)).contains(StuckState.MERGE_REFUSED);
  }

  @Test
  void each_merge_is_a_case_of_its_own() {
    after(LifecycleState.MERGING);
    Object first = probe.look().orElseThrow().subject();
    after(LifecycleState.MERGED);
    after(LifecycleState.MERGING);
    assertThat(probe.look().orElseThrow().subject()).isNotEqualTo(first);
  }

  @Test
  void a_member_that_shuts_itself_down_is_one() {
    assertThat(after(LifecycleState.SHUTTING_DOWN)).contains(StuckState.MEMBER_DOWN);
    assertThat(after(LifecycleState.SHUTDOWN)).contains(StuckState.MEMBER_DOWN);
  }
}
