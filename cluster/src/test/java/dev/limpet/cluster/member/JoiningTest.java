package dev.limpet.cluster.member;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.internal.cluster.impl.ClusterServiceImpl;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Issue 7, item 21. The kind: a member that was let in just as its time of asking ended has no
 * master for good, and nobody starts it anew.
 */
class JoiningTest {
  private final List<String> terminated = new ArrayList<>();

  private Joining<String> joining(Deque<String> members) {
    return new Joining<>(members::pop, member -> member.equals("whole"), terminated::add);
  }

  @Test
  void who_has_forgotten_its_master_joins_again() {
    Deque<String> members = new ArrayDeque<>(List.of("lost", "lost", "whole", "never"));
    assertThat(joining(members).join()).isEqualTo("whole");
    assertThat(terminated).containsExactly("lost", "lost");
    assertThat(members).containsExactly("never");
  }

  @Test
  void a_node_that_is_never_let_in_in_time_says_so() {
    Deque<String> members = new ArrayDeque<>();
    for (int i = 0; i < Joining.ATTEMPTS_MAX; i++) {
      members.add("lost");
    }
    assertThatThrownBy(() -> joining(members).join())
        .isInstanceOf(NodeStartException.class)
        .hasMessageStartingWith("the cluster admitted this node too late, 5 times");
    assertThat(terminated).hasSize(Joining.ATTEMPTS_MAX);
  }

  /** Should a later Hazelcast not set the master to null any more, this class is of no use. */
  @Test
  void a_member_of_hazelcast_that_has_forgotten_its_master_is_started_anew() {
    try (TestMembers members = new TestMembers(List.of())) {
      Deque<HazelcastInstance> launched = new ArrayDeque<>();
      HazelcastInstance whole =
          Joining.of(
                  () -> {
                    HazelcastInstance instance =
                        members.nodeOf(members.start("n" + launched.size())).instance();
                    if (launched.isEmpty()) { // what its joiner does when its time ends
                      ((ClusterServiceImpl) instance.getCluster()).setMasterAddressToJoin(null);
                    }
                    launched.add(instance);
                    return instance;
                  })
              .join();
      assertThat(launched).hasSize(2).endsWith(whole);
      assertThat(launched.getFirst().getLifecycleService().isRunning()).isFalse();
      assertThat(whole.getLifecycleService().isRunning()).isTrue();
    }
  }
}
