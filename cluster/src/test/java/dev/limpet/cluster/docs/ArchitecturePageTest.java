package dev.limpet.cluster.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Issue 8, pages: the map of the code is short, complete, and names what exists. The kind: prose
 * that the code has left behind.
 */
class ArchitecturePageTest {
  private static final int WORDS_MAX = 1_500;

  private static final Path REPOSITORY = Path.of("").toAbsolutePath().getParent();
  private static final Path PAGE = REPOSITORY.resolve("ARCHITECTURE.md");
  private static final Path SOURCES = Path.of("src", "main", "java");

  /** {@code ### module: `package`} and what follows, up to the next heading. */
  private static final Pattern SECTION =
      Pattern.compile("(?ms)^### ([a-z-]+): `([a-z.]+)`$(.*?)(?=^##|\\z)");

  /**
   * Alone, with a member, or in a package that is not a library's; words in capitals are MQTT's.
   */
  private static final Pattern CLASS =
      Pattern.compile("`(?!io\\.|com\\.)(?:[a-z]+\\.)*([A-Z]+[a-z]\\w*)[.\\w()]*`");

  private static final Set<String> OF_LIBRARIES =
      Set.of(
          "NetSocket",
          "Buffer",
          "ByteBuf",
          "MultipleEntryOperation",
          "KeyBasedMapOperation",
          "RecordStore",
          "PromotionCommitOperation",
          "MigrationManagerImpl",
          "MigrationInterceptor");

  @Test
  void the_map_is_short() throws IOException {
    assertThat(Files.readString(PAGE).split("\\s+")).hasSizeLessThanOrEqualTo(WORDS_MAX);
  }

  @Test
  void every_package_of_every_module_is_in_the_map_and_no_other() throws IOException {
    List<String> sections = new ArrayList<>();
    for (MatchResult section : SECTION.matcher(Files.readString(PAGE)).results().toList()) {
      sections.add(section.group(1));
      assertThat(Pattern.compile("(?m)^- `([a-z.]+)`:").matcher(section.group(3)).results())
          .as("packages of %s in ARCHITECTURE.md", section.group(1))
          .extracting(listed -> section.group(2) + "." + listed.group(1))
          .containsExactlyInAnyOrderElementsOf(packagesBelow(section.group(1), section.group(2)));
    }
    assertThat(sections).containsExactlyInAnyOrderElementsOf(modules());
  }

  @Test
  void every_class_that_is_named_exists() throws IOException {
    Set<String> classes = classes();
    List<String> unknown = new ArrayList<>();
    for (Path page : pages()) {
      CLASS
          .matcher(Files.readString(page))
          .results()
          .map(named -> named.group(1))
          .filter(name -> !classes.contains(name) && !OF_LIBRARIES.contains(name))
          .forEach(name -> unknown.add(REPOSITORY.relativize(page) + ": " + name));
    }
    assertThat(unknown).isEmpty();
  }

  private static List<Path> pages() throws IOException {
    List<Path> pages = new ArrayList<>(List.of(PAGE, REPOSITORY.resolve("docs/flows.md")));
    try (Stream<Path> decisions = Files.list(REPOSITORY.resolve("docs/decisions"))) {
      decisions.forEach(pages::add);
    }
    return pages;
  }

  private static List<String> modules() throws IOException {
    try (Stream<Path> folders = Files.list(REPOSITORY)) {
      return folders
          .filter(folder -> Files.isDirectory(folder.resolve(SOURCES)))
          .map(folder -> folder.getFileName().toString())
          .toList();
    }
  }

  /** Those in the root package of a module are described in the section's own words. */
  private static List<String> packagesBelow(String module, String root) throws IOException {
    Path sources = REPOSITORY.resolve(module).resolve(SOURCES);
    try (Stream<Path> files = Files.walk(sources)) {
      return files
          .filter(file -> file.endsWith("package-info.java"))
          .map(file -> sources.relativize(file.getParent()).toString().replace('/', '.'))
          .filter(name -> !name.equals(root))
          .toList();
    }
  }

  private static Set<String> classes() throws IOException {
    try (Stream<Path> files = Files.walk(REPOSITORY)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".java"))
          .map(name -> name.replace(".java", ""))
          .collect(Collectors.toSet());
    }
  }
}
