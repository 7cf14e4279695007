package dev.limpet.cluster;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.limpet.broker.connection.codec.PacketLimits;
import dev.limpet.broker.session.SessionLimits;
import org.junit.jupiter.api.Test;

/** The borders of the cluster: it wires the other modules and reads no MQTT packet itself. */
class ArchitectureTest {

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.limpet.cluster");

  @Test
  void the_rules_see_the_classes_of_the_cluster() {
    assertThat(CLASSES).isNotEmpty();
  }

  @Test
  void the_cluster_does_not_reach_into_sessions_or_packets() {
    noClasses()
        .should()
        .dependOnClassesThat(
            resideInAnyPackage(
                    "dev.limpet.broker.session..",
                    "dev.limpet.broker.connection.codec..",
                    "io.vertx.mqtt..")
                // Limits are options, which the configuration fills in.
                .and(not(type(SessionLimits.class)))
                .and(not(type(PacketLimits.class))))
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
