package dev.limpet.store;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The borders of the store: the broker's ports on one side, Hazelcast on the other. */
class ArchitectureTest {

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.limpet.store");

  @Test
  void the_rules_see_the_classes_of_the_store() {
    assertThat(CLASSES).isNotEmpty();
  }

  @Test
  void the_store_knows_the_ports_of_the_broker_and_hazelcast() {
    classes()
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "java..",
            "org.jspecify..",
            "org.slf4j..",
            "io.micrometer..",
            "io.vertx.core.buffer",
            "com.hazelcast..",
            "dev.limpet.broker.topic..",
            "dev.limpet.broker.mqtt..",
            "dev.limpet.broker.spi..",
            "dev.limpet.store..")
        .check(CLASSES);
  }

  @Test
  void one_room_touches_what_is_not_hazelcasts_public_api() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.limpet.store.hazelcast")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("com.hazelcast..impl..", "com.hazelcast.internal..")
        .check(CLASSES);
  }

  @Test
  void packages_form_no_cycle() {
    slices()
        .matching("dev.limpet.(**)")
        .should()
        .beFreeOfCycles()
        .allowEmptyShould(true)
        .check(CLASSES);
  }
}
