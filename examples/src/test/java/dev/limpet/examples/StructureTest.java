package dev.limpet.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.Location;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The shape of all modules together, read from what was compiled: no large knots of classes, and
 * nothing that nobody uses.
 */
class StructureTest {
  /** Classes that all reach each other; a sealed type and its cases count as one. */
  private static final int KNOT_MAX = 8;

  private static final Path REPOSITORY = Path.of("").toAbsolutePath().getParent();
  private static final JavaClasses MAIN = classes("classes");
  private static final JavaClasses ALL = classes("classes", "test-classes");

  private static JavaClasses classes(String... folders) {
    List<Location> locations = new ArrayList<>();
    for (String module :
        List.of("broker-core", "session-store", "lb-frontend", "cluster", "examples")) {
      for (String folder : folders) {
        Path compiled = REPOSITORY.resolve(module).resolve("target").resolve(folder);
        if (Files.isDirectory(compiled)) {
          locations.add(Location.of(compiled));
        }
      }
    }
    return new ClassFileImporter().importLocations(locations);
  }

  @Test
  void the_rules_see_all_modules() {
    assertThat(MAIN)
        .extracting(JavaClass::getPackageName)
        .contains("dev.limpet.broker", "dev.limpet.store", "dev.limpet.lb", "dev.limpet.cluster");
    assertThat(ALL.size()).isGreaterThan(MAIN.size());
  }

  @Test
  void classes_do_not_knot() {
    Map<String, Set<String>> uses = uses();
    Set<Set<String>> knots = new HashSet<>();
    for (String name : uses.keySet()) {
      Set<String> knot = new TreeSet<>();
      for (String reached : reachable(name, uses)) {
        if (reachable(reached, uses).contains(name)) {
          knot.add(reached);
        }
      }
      if (knot.size() > KNOT_MAX) {
        knots.add(knot);
      }
    }
    assertThat(knots).isEmpty();
  }

  /** Which top-level class uses which others. */
  private static Map<String, Set<String>> uses() {
    Map<String, Set<String>> uses = new TreeMap<>();
    for (JavaClass each : MAIN) {
      String from = room(each);
      Set<String> to = uses.computeIfAbsent(from, name -> new TreeSet<>());
      for (Dependency dependency : each.getDirectDependenciesFromSelf()) {
        JavaClass target = dependency.getTargetClass();
        if (target.getPackageName().startsWith("dev.limpet")) {
          to.add(room(target));
        }
      }
      to.remove(from);
    }
    return uses;
  }

  /** The top-level class; for a case of a sealed type, that type. */
  private static String room(JavaClass any) {
    JavaClass top = any.getBaseComponentType();
    while (top.getEnclosingClass().isPresent()) {
      top = top.getEnclosingClass().get();
    }
    for (JavaClass parent : top.getRawInterfaces()) {
      if (parent.getPackageName().startsWith("dev.limpet") && parent.reflect().isSealed()) {
        return parent.getName();
      }
    }
    return top.getName();
  }

  private static Set<String> reachable(String from, Map<String, Set<String>> uses) {
    Set<String> seen = new HashSet<>();
    Deque<String> next = new ArrayDeque<>(List.of(from));
    while (!next.isEmpty()) {
      for (String used : uses.getOrDefault(next.remove(), Set.of())) {
        if (seen.add(used)) {
          next.add(used);
        }
      }
    }
    return seen;
  }

  @Test
  void every_class_is_used() {
    Set<String> used = new HashSet<>();
    for (JavaClass each : ALL) {
      for (Dependency dependency : each.getDirectDependenciesFromSelf()) {
        String target = dependency.getTargetClass().getBaseComponentType().getName();
        if (!outermost(target).equals(outermost(each.getName()))) {
          used.add(outermost(target));
        }
      }
    }
    assertThat(
            MAIN.stream()
                .map(each -> outermost(each.getName()))
                .filter(name -> !name.endsWith("package-info"))
                .filter(name -> !used.contains(name))
                .filter(name -> !isProgram(name) && !hasOnlyConstants(name))
                .distinct()
                .sorted()
                .toList())
        .isEmpty();
  }

  private static String outermost(String name) {
    int nested = name.indexOf('$');
    return nested < 0 ? name : name.substring(0, nested);
  }

  /** The compiler has copied them to where they are used. */
  private static boolean hasOnlyConstants(String name) {
    return MAIN.get(name).getMethods().isEmpty()
        && MAIN.get(name).getFields().stream()
            .allMatch(field -> field.getModifiers().contains(JavaModifier.STATIC));
  }

  private static boolean isProgram(String name) {
    return MAIN.get(name).tryGetMethod("main", String[].class).isPresent();
  }

  @Test
  void every_method_is_called() {
    Map<String, Set<String>> calls = new HashMap<>();
    for (JavaClass each : ALL) {
      Stream<JavaAccess<?>> accesses =
          Stream.concat(
              each.getAccessesFromSelf().stream(), each.getMethodReferencesFromSelf().stream());
      accesses.forEach(
          access -> {
            AccessTarget target = access.getTarget();
            calls
                .computeIfAbsent(target.getName(), name -> new HashSet<>())
                .add(target.getOwner().getName());
          });
    }
    assertThat(
            MAIN.stream()
                .flatMap(each -> each.getMethods().stream())
                .filter(StructureTest::isOurs)
                .filter(method -> !isCalled(method, calls))
                .map(JavaMethod::getFullName)
                .distinct()
                .sorted()
                .toList())
        .isEmpty();
  }

  /** Whether somebody of ours has to call it, or nobody does. */
  private static boolean isOurs(JavaMethod method) {
    JavaClass owner = method.getOwner();
    return !method.getModifiers().contains(JavaModifier.SYNTHETIC)
        && !method.getModifiers().contains(JavaModifier.BRIDGE)
        && !method.getModifiers().contains(JavaModifier.PRIVATE)
        && method.getAnnotations().isEmpty()
        && !isComponent(method)
        && !owner.isEnum()
        && !method.getName().matches("main|readResolve")
        && !isInherited(method);
  }

  private static boolean isComponent(JavaMethod method) {
    JavaClass owner = method.getOwner();
    return owner.isRecord()
        && (owner.tryGetField(method.getName()).isPresent()
            || method.getName().matches("equals|hashCode|toString"));
  }

  private static boolean isInherited(JavaMethod method) {
    return Stream.concat(
            method.getOwner().getAllRawSuperclasses().stream(),
            method.getOwner().getAllRawInterfaces().stream())
        .anyMatch(
            parent ->
                !parent.isFullyImported() // of a library that is not on this class path
                    || parent.getMethods().stream()
                        .anyMatch(
                            other ->
                                other.getName().equals(method.getName())
                                    && other.getRawParameterTypes().size()
                                        == method.getRawParameterTypes().size()));
  }

  private static boolean isCalled(JavaMethod method, Map<String, Set<String>> calls) {
    Set<String> owners = calls.getOrDefault(method.getName(), Set.of());
    if (owners.contains(method.getOwner().getName())) {
      return true;
    }
    return Stream.concat(
            method.getOwner().getAllSubclasses().stream(),
            method.getOwner().getAllRawInterfaces().stream())
        .anyMatch(relative -> owners.contains(relative.getName()));
  }
}
