package dev.limpet.examples.nemesis;

import dev.limpet.examples.nemesis.check.Checker;
import dev.limpet.examples.nemesis.check.Figures;
import dev.limpet.examples.nemesis.check.Limits;
import dev.limpet.examples.nemesis.check.Violation;
import dev.limpet.examples.nemesis.history.Event;
import dev.limpet.examples.nemesis.history.History;
import dev.limpet.examples.nemesis.history.Kind;
import dev.limpet.examples.nemesis.nodes.Commands;
import dev.limpet.examples.nemesis.nodes.Faults;
import dev.limpet.examples.nemesis.schedule.Schedule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The program: round after round, until the time is over. Exits 1 when a promise was broken. */
public final class Nemesis {

  private static final int BROKEN = 1;
  private static final int MISUSED = 2;
  private static final int SHOWN_MOST = 6;

  private Nemesis() {}

  /** See {@link Arguments#USAGE}. */
  public static void main(String[] words) throws IOException {
    int status;
    if (words.length == 2 && words[0].equals("--check")) {
      status = judge(ended(History.read(Path.of(words[1])))) ? 0 : BROKEN;
    } else {
      try {
        status = run(Arguments.read(words)) ? 0 : BROKEN;
      } catch (IllegalArgumentException e) {
        System.err.println(e.getMessage() + "\n" + Arguments.USAGE);
        status = MISUSED;
      }
    }
    System.exit(status);
  }

  private static boolean run(Arguments arguments) throws IOException {
    long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(arguments.minutes());
    Commands commands = Commands.read(arguments.commands(), arguments.settings());
    Faults.prepare(Round.most(arguments.nodes()));
    System.out.println("nemesis: the first seed is " + arguments.seed());
    int broken = 0;
    int round = 0;
    for (; round < arguments.rounds() && System.nanoTime() < end; round++) {
      Schedule schedule = arguments.schedule(round);
      long seed = arguments.seed() + round;
      Path folder = arguments.out().resolve(schedule.word() + "-" + seed);
      delete(folder);
      System.out.printf("%s, seed %d, %d nodes: ", schedule.word(), seed, arguments.nodes());
      if (judge(new Round(folder, seed, arguments.nodes(), schedule).run(commands))) {
        delete(folder);
      } else {
        broken++;
        System.out.println("  see " + folder);
      }
    }
    System.out.printf("nemesis: %d of %d rounds broke a promise%n", broken, round);
    return broken == 0;
  }

  /** Also a round that was broken off is judged up to there. */
  private static List<Event> ended(List<Event> history) {
    List<Event> ended = new ArrayList<>(history);
    if (history.stream().noneMatch(event -> event.kind() == Kind.END)) {
      ended.add(Event.of(Kind.END, "").at(history.get(history.size() - 1).millis()));
    }
    return ended;
  }

  /** Prints figures and violations; true if there are none of the latter. */
  private static boolean judge(List<Event> history) {
    Figures figures = Figures.of(history);
    List<Violation> violations = new Checker(Limits.PROMISED).check(history);
    System.out.printf(
        "%d acknowledged, %d received, longest wait %d ms, agreed after %d ms: %s%n",
        figures.acknowledged(),
        figures.received(),
        figures.longestWaitMillis(),
        figures.agreedMillis(),
        violations.isEmpty() ? "ok" : violations.size() + " violations");
    Map<String, List<Violation>> byPromise =
        violations.stream()
            .collect(Collectors.groupingBy(Violation::promise, TreeMap::new, Collectors.toList()));
    for (List<Violation> each : byPromise.values()) {
      each.stream().limit(SHOWN_MOST).forEach(one -> System.out.println("  " + one));
      if (each.size() > SHOWN_MOST) {
        System.out.printf("  and %d more like these%n", each.size() - SHOWN_MOST);
      }
    }
    return violations.isEmpty();
  }

  private static void delete(Path folder) throws IOException {
    if (Files.exists(folder)) {
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path each : files.sorted((a, b) -> b.compareTo(a)).toList()) {
          Files.delete(each);
        }
      }
    }
  }
}
