package dev.limpet.cluster.member;

import com.hazelcast.core.HazelcastInstance;
import dev.limpet.store.hazelcast.MemberInternals;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Joins again where Hazelcast forgot its master while it joined. A member whose time of asking ends
 * just as a slow master admits it logs "Cannot set master address to null because node is already
 * joined!", sets it to null all the same, and ignores the master's lists from then on. It then
 * looks like a member but is none: only a restart of the member helps. Immutable.
 *
 * @param <T> the result of the join
 * @param launch joins; blocks
 * @param isWhole whether it knows its master
 * @param terminate ends it without notice; blocks
 */
record Joining<T>(Supplier<T> launch, Predicate<T> isWhole, Consumer<T> terminate) {

  static final int ATTEMPTS_MAX = 5;

  private static final Logger LOG = LoggerFactory.getLogger(Joining.class);

  /** Joins of Hazelcast members. */
  static Joining<HazelcastInstance> of(Supplier<HazelcastInstance> launch) {
    return new Joining<>(
        launch,
        MemberInternals::knowsMaster,
        instance -> instance.getLifecycleService().terminate());
  }

  /**
   * Joins; blocks.
   *
   * @throws NodeStartException when it was in vain {@value #ATTEMPTS_MAX} times
   */
  T join() {
    for (int attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
      T joined = launch.get();
      if (isWhole.test(joined)) {
        return joined;
      }
      LOG.warn("The cluster admitted this node too late; it joins again");
      terminate.accept(joined);
    }
    throw new NodeStartException(
        ("the cluster admitted this node too late, %d times: start it again when its machine has"
                + " less to do")
            .formatted(ATTEMPTS_MAX));
  }
}
