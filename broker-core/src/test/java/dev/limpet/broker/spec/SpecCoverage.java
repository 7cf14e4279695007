package dev.limpet.broker.spec;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Runs by itself in Maven's verify phase, after all tests, and reads what became of them. Not named
 * a test, so that nothing else runs it.
 */
class SpecCoverage {

  @ParameterizedTest
  @EnumSource(Specification.class)
  void every_statement_has_a_test_that_passed_or_a_reason_why_none_is_possible(
      Specification specification) {
    SpecResults results = new SpecResults(Path.of(System.getProperty("limpet.spec.results")));
    assertThat(new CoverageTable(results).gaps(specification))
        .as("see %s", System.getProperty("limpet.spec.table"))
        .isEmpty();
  }
}
