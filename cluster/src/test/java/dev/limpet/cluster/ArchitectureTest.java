package dev.limpet.cluster;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.limpet.broker.connection.codec.PacketLimits;
import dev.limpet.broker.session.SessionLimits;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
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
                .and(not(belongToAnyOf(SessionLimits.class, PacketLimits.class))))
        .check(CLASSES);
  }

  /** The store's room of Hazelcast's internals serves both. */
  @Test
  void nothing_touches_what_is_not_hazelcasts_public_api() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("com.hazelcast..impl..", "com.hazelcast.internal..")
        .check(CLASSES);
  }

  /**
   * Issue 7, item 20. The kind: an event loop is blocked by what is loaded for the first time.
   * These load Jackson's databind, 0.3 s on a quick machine and seconds on a slow one, for every
   * client.
   */
  @Test
  void nothing_loads_databind_on_an_event_loop() {
    noClasses()
        .should()
        .callMethodWhere(
            DescribedPredicate.describe(
                "of JsonObject or JsonArray that need a codec", ArchitectureTest::needsCodec))
        .orShould()
        .callConstructor(JsonObject.class, String.class)
        .orShould()
        .callConstructor(JsonArray.class, String.class)
        .orShould()
        .dependOnClassesThat()
        .haveFullyQualifiedName(Json.class.getName())
        .check(CLASSES);
  }

  private static boolean needsCodec(JavaMethodCall call) {
    JavaClass owner = call.getTargetOwner();
    return (owner.isEquivalentTo(JsonObject.class) || owner.isEquivalentTo(JsonArray.class))
        && call.getName().matches("encode|encodePrettily|toString|mapTo|mapFrom");
  }

  /** The broker's room serves the links, too. */
  @Test
  void nothing_touches_what_vertx_and_netty_do_not_show() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "io.vertx.core.internal..", "io.vertx.core..impl..", "io.netty..internal..")
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
