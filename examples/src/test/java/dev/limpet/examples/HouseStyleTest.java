package dev.limpet.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The rules of style no tool checks, over the sources of all modules. */
class HouseStyleTest {

  /** A file that needs scrolling for minutes hides more than one idea. */
  private static final int LINES_MAX = 400;

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
