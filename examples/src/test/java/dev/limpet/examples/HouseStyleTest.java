package dev.limpet.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The rules of style no tool checks, over the sources of all modules. */
class HouseStyleTest {

  /** A file that needs scrolling for minutes hides more than one idea. */
  private static final int LINES_MAX = 400;

  /** More values than that belong together in groups that have names (issue 8). */
  private static final int RECORD_COMPONENTS_MAX = 8;

  /** A package with more is two rooms (issue 8); package-info.java counts. */
  private static final int PACKAGE_FILES_MAX = 25;

  // Written in two parts so that this file does not accuse itself.
  private static final Pattern UNFINISHED = Pattern.compile("\\b(TO" + "DO|FIX" + "ME)\\b");
  private static final Pattern SLEEP = Pattern.compile("\\bThread\\s*\\.\\s*sl" + "eep\\b");
  private static final Pattern DISABLED_TEST = Pattern.compile("^\\s*@Dis" + "abled\\b");
  private static final Pattern PRINT = Pattern.compile("\\bSystem\\.(out|err)\\b");
  private static final Pattern VAGUE_NAME =
      Pattern.compile(".*(Impl|Manager|Utils?|Helper)\\.java");

  private static final Path REPOSITORY = Path.of("").toAbsolutePath().getParent();

  @Test
  void no_file_is_too_long() throws IOException {
    assertThat(sources("src")).filteredOn(file -> lines(file).size() > LINES_MAX).isEmpty();
  }

  /** Issue 8, parameter bags. The kind: a value grows by one more field each time. */
  @Test
  void no_record_is_a_bag_of_parameters() throws IOException {
    List<String> bags = new ArrayList<>();
    int records = 0;
    for (Path file : sources("src/main")) {
      for (RecordHeader each : RecordHeader.of(String.join("\n", lines(file)))) {
        records++;
        if (each.components() > RECORD_COMPONENTS_MAX) {
          bags.add(file + ": " + each);
        }
      }
    }
    assertThat(records).isGreaterThan(100);
    assertThat(bags).isEmpty();
  }

  @Test
  void components_of_records_are_counted_as_they_are_written() {
    String source =
        """
        /** A record Told(int a, int b) in words. */
        record Pair<K extends Map<A, B>, V>(Map<K, V> a, @Size(min = 1, max = 2) V b) {
          record None() {} // record No(int a)
        }
        """;
    assertThat(RecordHeader.of(source))
        .containsExactly(new RecordHeader("Pair", 2), new RecordHeader("None", 0));
  }

  @Test
  void no_package_has_too_many_files() throws IOException {
    Map<Path, Long> files =
        sources("src/main").stream()
            .collect(Collectors.groupingBy(Path::getParent, Collectors.counting()));
    assertThat(files).isNotEmpty();
    files.values().removeIf(count -> count <= PACKAGE_FILES_MAX);
    assertThat(files).isEmpty();
  }

  @Test
  void every_package_says_what_it_is_and_is_null_marked() throws IOException {
    List<Path> packages = sources("src/main").stream().map(Path::getParent).distinct().toList();
    assertThat(packages).isNotEmpty();
    assertThat(packages).filteredOn(folder -> !isDocumented(folder)).isEmpty();
  }

  @Test
  void nothing_is_left_unfinished_or_switched_off() throws IOException {
    assertThat(offences("src", file -> true, UNFINISHED)).isEmpty();
    assertThat(offences("src", file -> true, DISABLED_TEST)).isEmpty();
  }

  @Test
  void nobody_waits_by_sleeping() throws IOException {
    assertThat(offences("src", file -> true, SLEEP)).isEmpty();
  }

  @Test
  void libraries_print_nothing() throws IOException {
    Predicate<Path> library =
        file -> !file.startsWith("examples") && !file.toString().contains("/cluster/cli/");
    assertThat(offences("src/main", library, PRINT)).isEmpty();
  }

  @Test
  void names_say_what_a_class_does() throws IOException {
    assertThat(sources("src"))
        .filteredOn(file -> VAGUE_NAME.matcher(file.getFileName().toString()).matches())
        .isEmpty();
  }

  private static boolean isDocumented(Path folder) {
    Path info = folder.resolve("package-info.java");
    return Files.exists(REPOSITORY.resolve(info))
        && lines(info).stream().anyMatch("@NullMarked"::equals)
        && lines(info).stream().anyMatch(line -> line.startsWith("/**"));
  }

  private static List<String> offences(String tree, Predicate<Path> where, Pattern pattern)
      throws IOException {
    List<String> found = new ArrayList<>();
    for (Path file : sources(tree)) {
      List<String> lines = where.test(file) ? lines(file) : List.of();
      for (int i = 0; i < lines.size(); i++) {
        if (pattern.matcher(lines.get(i)).find()) {
          found.add(file + ":" + (i + 1) + ": " + lines.get(i).strip());
        }
      }
    }
    return found;
  }

  /** The Java files below {@code tree} in each module, relative to the repository. */
  private static List<Path> sources(String tree) throws IOException {
    List<Path> files = new ArrayList<>();
    try (Stream<Path> modules = Files.list(REPOSITORY)) {
      for (Path module : modules.filter(m -> Files.exists(m.resolve("pom.xml"))).toList()) {
        if (Files.isDirectory(module.resolve(tree))) {
          try (Stream<Path> found = Files.walk(module.resolve(tree))) {
            found
                .filter(file -> file.toString().endsWith(".java"))
                .map(REPOSITORY::relativize)
                .sorted()
                .forEach(files::add);
          }
        }
      }
    }
    return files;
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(REPOSITORY.resolve(file));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
