package dev.limpet.lb;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The borders of the frontend: it stands alone, so it can also run without a broker. */
class ArchitectureTest {

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.limpet.lb");

  @Test
  void the_rules_see_the_classes_of_the_frontend() {
    assertThat(CLASSES).isNotEmpty();
  }

  @Test
  void the_frontend_knows_no_other_module() {
    noClasses()
        .should()
        .dependOnClassesThat(
            resideInAPackage("dev.limpet..").and(resideOutsideOfPackage("dev.limpet.lb..")))
        .check(CLASSES);
  }

  @Test
  void the_frontend_knows_neither_hazelcast_nor_the_mqtt_server_of_vertx() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("com.hazelcast..", "io.vertx.mqtt..")
        .check(CLASSES);
  }

  @Test
  void one_class_touches_what_vertx_does_not_show() {
    noClasses()
        .that()
        .doNotHaveFullyQualifiedName("dev.limpet.lb.VertxInternals")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "io.vertx.core.internal..", "io.vertx.core..impl..", "io.netty..internal..")
        .check(CLASSES);
  }

  @Test
  void no_class_reaches_behind_a_channel_of_netty() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .haveFullyQualifiedName("io.netty.channel.Channel$Unsafe")
        .orShould()
        .dependOnClassesThat()
        .haveFullyQualifiedName("io.netty.channel.ChannelOutboundBuffer")
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
