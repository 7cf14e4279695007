package dev.limpet.examples.nemesis;

import dev.limpet.examples.nemesis.schedule.Schedule;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the command line says.
 *
 * @param minutes after which no round begins any more
 * @param rounds the most rounds there are
 * @param seed of the first round; each further one has the next number
 * @param schedules to take turns with; empty: the seed picks
 * @param commands file that says how to run a node
 * @param settings replaced in that file
 */
record Arguments(
    int minutes,
    int rounds,
    long seed,
    int nodes,
    List<Schedule> schedules,
    Path commands,
    Map<String, String> settings,
    Path out) {

  static final String USAGE =
      """
      run.sh [--minutes N] [--rounds N] [--seed N] [--nodes N] [--schedule NAME[,NAME…]|all]
             [--commands FILE] [--set KEY=VALUE]… [--out DIR]
      run.sh --check HISTORY      judges a history again
      Schedules: %s"""
          .formatted(
              String.join(", ", Arrays.stream(Schedule.values()).map(Schedule::word).toList()));

  /**
   * Reads pairs of names and values.
   *
   * @throws IllegalArgumentException if there is something else
   */
  static Arguments read(String... words) {
    Map<String, String> values = new HashMap<>();
    Map<String, String> settings = new HashMap<>();
    for (int i = 0; i < words.length; i += 2) {
      if (i + 1 == words.length || !words[i].startsWith("--")) {
        throw new IllegalArgumentException("what is " + words[i] + "?");
      }
      String value = words[i + 1];
      if (words[i].equals("--set")) {
        int sign = value.indexOf('=');
        settings.put(value.substring(0, sign), value.substring(sign + 1));
      } else {
        values.put(words[i].substring(2), value);
      }
    }
    return of(values, settings);
  }

  private static Arguments of(Map<String, String> values, Map<String, String> settings) {
    return new Arguments(
        number(values, "minutes", 3),
        number(values, "rounds", Integer.MAX_VALUE),
        Long.parseLong(values.getOrDefault("seed", Long.toString(System.nanoTime() & 0xFFFFFF))),
        number(values, "nodes", 3),
        schedules(values.getOrDefault("schedule", "all")),
        Path.of(values.getOrDefault("commands", "examples/nemesis/limpet.properties")),
        settings,
        Path.of(values.getOrDefault("out", "examples/target/nemesis")));
  }

  private static int number(Map<String, String> values, String name, int normally) {
    return Integer.parseInt(values.getOrDefault(name, Integer.toString(normally)));
  }

  private static List<Schedule> schedules(String words) {
    List<Schedule> schedules = new ArrayList<>();
    for (String word : words.equals("all") ? new String[0] : words.split(",")) {
      schedules.add(Schedule.of(word));
    }
    return schedules;
  }

  /** The schedule of the round with this number, from 0. */
  Schedule schedule(int round) {
    return schedules.isEmpty()
        ? Schedule.any(seed + round)
        : schedules.get(round % schedules.size());
  }
}
