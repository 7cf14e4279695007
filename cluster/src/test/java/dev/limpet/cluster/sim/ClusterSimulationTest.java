package dev.limpet.cluster.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The promises under thousands of simulated schedules of faults. {@code -Dseed=N} repeats one run,
 * with its trace; {@code -Dsim.seeds=N} runs more, from {@code -Dsim.first=N} on.
 */
@Timeout(86_400)
class ClusterSimulationTest {
  private static final Logger LOG = LoggerFactory.getLogger(ClusterSimulationTest.class);
  private static final int SEEDS = 400;
  private static final int SEEDS_PLANTED_MAX = 400;

  @Test
  void promises_hold_under_every_seed() {
    String only = System.getProperty("seed");
    if (only != null) {
      SimulatedCluster run =
          new SimulatedCluster(Long.parseLong(only), Planted.NOTHING, true).run();
      LOG.info("{}", run.report());
      assertThat(run.invariants.violations()).as(run.report()).isEmpty();
      return;
    }
    long first = Long.getLong("sim.first", 0);
    long count = Long.getLong("sim.seeds", SEEDS);
    LOG.info("Simulates {} seeds from {} on", count, first);
    List<Long> failed =
        LongStream.range(first, first + count)
            .parallel()
            .filter(seed -> !violations(seed, Planted.NOTHING).isEmpty())
            .boxed()
            .toList();
    assertThat(failed).as(() -> report(failed)).isEmpty();
  }

  private static List<String> violations(long seed, Planted planted) {
    return new SimulatedCluster(seed, planted, false).run().invariants.violations();
  }

  private static String report(List<Long> failed) {
    return failed.isEmpty()
        ? ""
        : new SimulatedCluster(failed.get(0), Planted.NOTHING, true).run().report();
  }

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"NOTHING", "UNSAFE_READ"})
  void planted_faults_are_found(Planted planted) {
    for (long seed = 0; seed < SEEDS_PLANTED_MAX; seed++) {
      List<String> found = violations(seed, planted);
      if (!found.isEmpty() && violations(seed, Planted.NOTHING).isEmpty()) {
        LOG.info("{} is found by seed {}: {}", planted, seed, found.get(0));
        return;
      }
    }
    throw new AssertionError(planted + " is found by none of " + SEEDS_PLANTED_MAX + " seeds");
  }

  @Test
  void a_seed_repeats_its_run() {
    List<String> reports = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      reports.add(new SimulatedCluster(4_711, Planted.NOTHING, true).run().report());
    }
    assertThat(reports.get(1)).isEqualTo(reports.get(0));
  }
}
