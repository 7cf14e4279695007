package dev.limpet.broker.spec;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What the tests of one Maven run said about the statements: a folder named after the start of the
 * run, in which each test plan has a file of its own. Confined to one thread; other JVMs may do the
 * same.
 */
final class SpecResults {
  private static final String FINISHED = ".tsv";

  private final Path folder;

  SpecResults(Path folder) {
    this.folder = folder;
  }

  /** One execution of a test that carries a number. */
  record Outcome(Specification specification, String number, String test, boolean passed) {
    private String toLine() {
      return String.join("\t", specification.name(), number, test, passed ? "passed" : "failed");
    }

    private static Outcome parse(String line) {
      String[] fields = line.split("\t", -1);
      return new Outcome(
          Specification.valueOf(fields[0]), fields[1], fields[2], fields[3].equals("passed"));
    }
  }

  void append(List<Outcome> outcomes) {
    try {
      Files.createDirectories(folder);
      Path unfinished = Files.createTempFile(folder, "plan", ".part");
      Files.write(unfinished, outcomes.stream().map(Outcome::toLine).toList());
      // At once: another JVM may be reading.
      Files.move(unfinished, Path.of(unfinished + FINISHED), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** By number, which tests ran and whether all their executions passed. */
  SortedMap<String, SortedMap<String, Boolean>> of(Specification specification) {
    SortedMap<String, SortedMap<String, Boolean>> byNumber = new TreeMap<>();
    for (Outcome outcome : all()) {
      if (outcome.specification() == specification) {
        Map<String, Boolean> tests =
            byNumber.computeIfAbsent(outcome.number(), number -> new TreeMap<>());
        tests.merge(outcome.test(), outcome.passed(), Boolean::logicalAnd);
      }
    }
    return byNumber;
  }

  private List<Outcome> all() {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.toString().endsWith(FINISHED))
          .flatMap(SpecResults::lines)
          .map(Outcome::parse)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Stream<String> lines(Path file) {
    try {
      return Files.readAllLines(file).stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
