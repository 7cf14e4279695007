package dev.limpet.broker.spec;

import dev.limpet.broker.spec.SpecResults.Outcome;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.platform.commons.support.AnnotationSupport;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/**
 * Writes down what became of each test that carries statement numbers, where Maven asks for it (two
 * system properties); silent elsewhere. Thread-safe.
 */
public final class SpecListener implements TestExecutionListener {
  private final List<Outcome> outcomes = new CopyOnWriteArrayList<>();

  @Override
  public void executionFinished(TestIdentifier test, TestExecutionResult result) {
    if (test.isTest()) {
      test.getSource()
          .filter(MethodSource.class::isInstance)
          .map(MethodSource.class::cast)
          .ifPresent(method -> note(method, result));
    }
  }

  private void note(MethodSource method, TestExecutionResult result) {
    if (result.getStatus() == TestExecutionResult.Status.ABORTED) {
      return;
    }
    boolean passed = result.getStatus() == TestExecutionResult.Status.SUCCESSFUL;
    String test = method.getJavaClass().getSimpleName() + "." + method.getMethodName();
    AnnotationSupport.findAnnotation(method.getJavaMethod(), Spec.class)
        .ifPresent(
            spec -> {
              for (Specification specification : Specification.values()) {
                for (String number : specification.numbersOf(spec)) {
                  outcomes.add(new Outcome(specification, number, test, passed));
                }
              }
            });
  }

  @Override
  public void testPlanExecutionFinished(TestPlan plan) {
    String folder = System.getProperty("limpet.spec.results");
    String table = System.getProperty("limpet.spec.table");
    if (folder != null && table != null && !outcomes.isEmpty()) {
      SpecResults results = new SpecResults(Path.of(folder));
      results.append(List.copyOf(outcomes));
      outcomes.clear();
      new CoverageTable(results).write(Path.of(table));
    }
  }
}
