package dev.limpet.broker.spec;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Statement, test and result of each specification, for people to read. Immutable. */
final class CoverageTable {
  private final SpecResults results;

  CoverageTable(SpecResults results) {
    this.results = results;
  }

  /** Statements that have neither a reason nor a test, or whose test failed. */
  List<String> gaps(Specification specification) {
    var byNumber = results.of(specification);
    return specification.statements().stream()
        .filter(Statement::needsTest)
        .filter(
            statement -> {
              var tests = byNumber.getOrDefault(statement.number(), new TreeMap<>());
              return tests.isEmpty() || tests.containsValue(false);
            })
        .map(statement -> statement.number() + " " + statement.text())
        .toList();
  }

  void write(Path file) {
    List<String> lines = new ArrayList<>();
    for (Specification specification : Specification.values()) {
      write(specification, lines);
    }
    try {
      Path unfinished = Files.createTempFile(file.toAbsolutePath().getParent(), "table", ".part");
      Files.write(unfinished, lines);
      Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void write(Specification specification, List<String> lines) {
    var byNumber = results.of(specification);
    List<Statement> statements = specification.statements();
    long testable = statements.stream().filter(Statement::needsTest).count();
    lines.add("# " + specification.title());
    lines.add("");
    lines.add(
        "%d statements: %d tested, %d without a test for the reason given, %d missing or failed."
            .formatted(
                statements.size(),
                testable - gaps(specification).size(),
                statements.size() - testable,
                gaps(specification).size()));
    lines.add("");
    lines.add("| statement | asks for | test | result |");
    lines.add("|---|---|---|---|");
    for (Statement statement : statements) {
      var tests = byNumber.getOrDefault(statement.number(), new TreeMap<>());
      lines.add(
          "| %s | %s | %s | %s |"
              .formatted(
                  statement.number(),
                  statement.text(),
                  String.join("<br>", tests.keySet()),
                  result(statement, tests)));
    }
    lines.add("");
  }

  private static String result(Statement statement, SortedMap<String, Boolean> tests) {
    if (!statement.needsTest()) {
      return "no test: " + statement.reason();
    }
    if (tests.isEmpty()) {
      return "MISSING";
    }
    return tests.containsValue(false) ? "FAILED" : "passed";
  }
}
