package dev.limpet.examples;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The borders of the examples: they use what a user may use. */
class ArchitectureTest {

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.limpet.examples");

  @Test
  void the_rules_see_the_classes_of_the_examples() {
    assertThat(CLASSES).isNotEmpty();
  }

  @Test
  void examples_need_no_inner_room_of_the_broker() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "dev.limpet.broker.session..",
            "dev.limpet.broker.delivery..",
            "dev.limpet.broker.routing..",
            "dev.limpet.broker.connection..",
            "com.hazelcast..")
        .check(CLASSES);
  }
}
