package dev.limpet.cluster.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Issue 8, rooms: the page of library internals names each type that is used and not public, and
 * each still exists. The kind: an upgrade that finds them one crash at a time.
 */
class LibraryInternalsPageTest {
  private static final Path REPOSITORY = Path.of("").toAbsolutePath().getParent();

  private static final Pattern IMPORT =
      Pattern.compile("(?m)^import (?:static )?((?:io|com)\\.[a-z0-9.]+\\.[A-Z]\\w*)");
  private static final Pattern ON_THE_PAGE =
      Pattern.compile("`((?:io|com)\\.[a-z0-9.]+\\.[A-Z]\\w*)`");
  private static final Pattern INTERNAL =
      Pattern.compile(
          "(io\\.vertx|io\\.netty|com\\.hazelcast)\\.([a-z0-9.]+\\.)?(impl|internal)\\..*");

  @Test
  void the_page_names_the_internals_that_are_imported_and_no_others() throws IOException {
    Set<String> imported = new TreeSet<>();
    for (Path source : sources()) {
      imported.addAll(named(IMPORT, source));
    }
    imported.removeIf(name -> !INTERNAL.matcher(name).matches());
    assertThat(imported).isNotEmpty();
    assertThat(onThePage())
        .filteredOn(name -> INTERNAL.matcher(name).matches())
        .containsExactlyInAnyOrderElementsOf(imported);
  }

  @Test
  void every_type_on_the_page_exists() throws IOException {
    ClassLoader loader = getClass().getClassLoader();
    for (String name : onThePage()) {
      assertThatCode(() -> Class.forName(name, false, loader)).as(name).doesNotThrowAnyException();
    }
  }

  private static Set<String> onThePage() throws IOException {
    return named(ON_THE_PAGE, REPOSITORY.resolve("docs/decisions/library-internals.md"));
  }

  private static Set<String> named(Pattern pattern, Path file) throws IOException {
    Set<String> names = new TreeSet<>();
    pattern.matcher(Files.readString(file)).results().forEach(found -> names.add(found.group(1)));
    return names;
  }

  private static List<Path> sources() throws IOException {
    try (Stream<Path> files = Files.walk(REPOSITORY)) {
      return files
          .filter(file -> file.toString().endsWith(".java"))
          .filter(file -> file.toString().contains("/src/main/java/"))
          .toList();
    }
  }
}
