package dev.limpet.broker.spec;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.platform.commons.annotation.Testable;

/** The lists of statements are whole, and tests and lists do not contradict each other. */
class SpecListsTest {
  private static final List<JavaMethod> TESTS =
      new ClassFileImporter()
              .withImportOption(new ImportOption.OnlyIncludeTests())
              .importPackages("dev.limpet.broker")
              .stream()
              .flatMap(type -> type.getMethods().stream())
              .filter(method -> method.isAnnotatedWith(Spec.class))
              .toList();

  /** The counts of appendix B. */
  @ParameterizedTest
  @CsvSource({"MQTT_3_1_1, 141", "MQTT_5_0, 251"})
  void each_list_has_every_statement_once(Specification specification, int count) {
    List<Statement> statements = specification.statements();
    assertThat(statements).hasSize(count);
    assertThat(statements.stream().map(Statement::number))
        .doesNotHaveDuplicates()
        .allMatch(number -> number.matches("MQTT-\\d\\.\\d{1,2}\\.\\d-\\d{1,2}"));
  }

  @ParameterizedTest
  @EnumSource(Specification.class)
  void a_statement_says_whom_it_binds_and_clients_need_no_test(Specification specification) {
    assertThat(specification.statements())
        .allSatisfy(
            statement -> {
              assertThat(statement.binds()).isIn("server", "client", "both");
              assertThat(statement.text()).isNotBlank();
              if (statement.binds().equals("client")) {
                assertThat(statement.reason()).isNotEmpty();
              }
            });
  }

  @ParameterizedTest
  @EnumSource(Specification.class)
  void every_number_a_test_carries_is_known(Specification specification) {
    Set<String> known = specification.statements().stream().map(Statement::number).collect(toSet());
    assertThat(carried(specification)).isSubsetOf(known);
  }

  @ParameterizedTest
  @EnumSource(Specification.class)
  void no_statement_has_both_a_test_and_a_reason_why_none_is_possible(Specification specification) {
    Set<String> untestable =
        specification.statements().stream()
            .filter(statement -> !statement.needsTest())
            .map(Statement::number)
            .collect(toSet());
    assertThat(carried(specification)).doesNotContainAnyElementsOf(untestable);
  }

  @Test
  void a_number_stands_at_a_test_only() {
    assertThat(TESTS).allMatch(method -> method.isMetaAnnotatedWith(Testable.class), "is a test");
  }

  private static Set<String> carried(Specification specification) {
    return TESTS.stream()
        .map(method -> method.getAnnotationOfType(Spec.class))
        .flatMap(spec -> Arrays.stream(specification.numbersOf(spec)))
        .collect(toSet());
  }
}
