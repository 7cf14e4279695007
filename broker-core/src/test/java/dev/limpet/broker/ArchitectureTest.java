package dev.limpet.broker;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.vertx.core.buffer.Buffer;
import java.time.Clock;
import java.util.Arrays;
import java.util.Timer;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The borders inside the broker: who sees whom, and which packages stay pure. */
class ArchitectureTest {

  private static final String ROOT = "dev.limpet.broker";
  private static final String[] PURE = {ROOT + ".topic..", ROOT + ".mqtt..", ROOT + ".session.."};

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages(ROOT);

  @Test
  void the_rules_see_the_classes_of_the_broker() {
    assertThat(CLASSES).isNotEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "topic,      topic",
    "mqtt,       mqtt topic",
    "spi,        spi mqtt topic",
    "session,    session spi mqtt topic",
    "io,         io metrics mqtt topic",
    "delivery,   delivery io session events spi mqtt topic metrics",
    "routing,    routing delivery io session events spi mqtt topic metrics",
    "connection, connection routing delivery io session guard memory files events spi mqtt topic metrics",
    "memory,     memory session spi mqtt topic metrics",
    "sys,        sys routing delivery io session solo events spi mqtt topic metrics",
    "access,     access files guard spi mqtt topic",
    "files,      files",
    "solo,       solo session spi mqtt topic metrics",
    "guard,      guard spi mqtt topic",
    "metrics,    metrics mqtt topic",
    "events,     events"
  })
  void a_package_sees_only_those_below_it(String name, String visible) {
    String[] visiblePackages =
        Arrays.stream(visible.split(" ", -1))
            .map(p -> ROOT + "." + p + "..")
            .toArray(String[]::new);
    classes()
        .that()
        .resideInAPackage(ROOT + "." + name + "..")
        .should()
        .onlyDependOnClassesThat(
            resideOutsideOfPackage("dev.limpet..").or(resideInAnyPackage(visiblePackages)))
        .allowEmptyShould(true)
        .check(CLASSES);
  }

  /** One room for what a library does not show in its public API. */
  @Test
  void one_room_touches_what_vertx_and_netty_do_not_show() {
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + ".io..")
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

  @Test
  void pure_packages_know_no_vertx_but_its_buffer() {
    DescribedPredicate<JavaClass> vertx =
        resideInAPackage("io.vertx..").and(not(type(Buffer.class)));
    noClasses()
        .that()
        .resideInAnyPackage(PURE)
        .should()
        .dependOnClassesThat(vertx)
        .allowEmptyShould(true)
        .check(CLASSES);
  }

  @Test
  void pure_packages_start_no_threads() {
    DescribedPredicate<JavaClass> threads =
        assignableTo(Thread.class)
            .or(assignableTo(Executor.class))
            .or(type(Executors.class))
            .or(type(Timer.class));
    noClasses()
        .that()
        .resideInAnyPackage(PURE)
        .should()
        .dependOnClassesThat(threads)
        .allowEmptyShould(true)
        .check(CLASSES);
  }

  @Test
  void pure_packages_ask_no_clock() {
    DescribedPredicate<JavaMethodCall> askTheTime =
        DescribedPredicate.describe("ask the time", ArchitectureTest::asksTheTime);
    noClasses()
        .that()
        .resideInAnyPackage(PURE)
        .should()
        .callMethodWhere(askTheTime)
        .allowEmptyShould(true)
        .check(CLASSES);
  }

  @Test
  void netty_is_known_only_where_bytes_are_written() {
    noClasses()
        .that()
        .resideOutsideOfPackages(ROOT + ".connection..", ROOT + ".io..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.netty..")
        .allowEmptyShould(true)
        .check(CLASSES);
  }

  @Test
  void metrics_needs_nothing_but_micrometer() {
    classes()
        .that()
        .resideInAPackage(ROOT + ".metrics..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage("java..", "org.jspecify..", "io.micrometer..", ROOT + "..")
        .allowEmptyShould(true)
        .check(CLASSES);
  }

  @Test
  void neither_hazelcast_nor_the_mqtt_server_of_vertx_is_used() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("com.hazelcast..", "io.vertx.mqtt..")
        .check(CLASSES);
  }

  private static boolean asksTheTime(JavaMethodCall call) {
    JavaClass owner = call.getTargetOwner();
    String method = call.getName();
    return (owner.isEquivalentTo(System.class) && method.matches("currentTimeMillis|nanoTime"))
        || (owner.isEquivalentTo(Clock.class) && method.startsWith("system"))
        || (owner.getPackageName().equals("java.time") && method.equals("now"));
  }
}
