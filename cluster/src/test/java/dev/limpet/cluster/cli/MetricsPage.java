package dev.limpet.cluster.cli;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** The page of what a node counts, read from a node that runs. Confined to its caller. */
final class MetricsPage {

  private static final String INTRODUCTION =
      """
      # Metrics

      `GET /metrics` at a node's HTTP port answers in Prometheus's text format. Every node counts for itself; sum or
      compare the nodes of a cluster in your monitoring system. Counters begin at zero with each start of a node.
      Elsewhere in these pages a meter has its name with dots, as in the first column.
      Which of them deserve an alarm is in [operations.md](operations.md#metrics-to-alarm-on).

      | meter | in Prometheus | type | labels | what it counts |
      |---|---|---|---|---|
      """;

  private static final String MACHINE =
      """

      Beside these a node shows Micrometer's meters of its JVM and its process, which depend on collector and
      platform: `limpet_jvm_memory_*`, `limpet_jvm_gc_*`, `limpet_jvm_threads_*`, `limpet_system_cpu_*`,
      `limpet_process_cpu_*`, `limpet_process_files_*` and `limpet_process_uptime_seconds`.

      ## Values of labels

      | label | values |
      |---|---|
      """;

  private static final List<String> OF_MACHINE =
      List.of("limpet.jvm.", "limpet.process.", "limpet.system.");

  /** Labels whose values are words of ours, the same on every node. */
  private static final List<String> ENUMERATED =
      List.of("kind", "limit", "qos", "reason", "result");

  private final MeterRegistry registry;
  private final SortedMap<String, Meter.Id> ids = new TreeMap<>();
  private final SortedMap<String, TreeSet<String>> labels = new TreeMap<>();
  private final SortedMap<String, TreeSet<String>> values = new TreeMap<>();

  MetricsPage(MeterRegistry registry) {
    this.registry = registry;
    registry.getMeters().stream().map(Meter::getId).filter(MetricsPage::isOurs).forEach(this::add);
  }

  private static boolean isOurs(Meter.Id id) {
    return OF_MACHINE.stream().noneMatch(id.getName()::startsWith);
  }

  private void add(Meter.Id id) {
    ids.put(id.getName(), id);
    TreeSet<String> names = labels.computeIfAbsent(id.getName(), name -> new TreeSet<>());
    for (Tag tag : id.getTags()) {
      names.add(tag.getKey());
      if (ENUMERATED.contains(tag.getKey()) && !id.getName().equals("limpet.listener.refused")) {
        String label = "`" + tag.getKey() + "` of `" + id.getName() + "`";
        values.computeIfAbsent(label, key -> new TreeSet<>()).add(tag.getValue());
      }
    }
  }

  /** All meters. */
  SortedMap<String, Meter.Id> ids() {
    return ids;
  }

  String text() {
    StringBuilder text = new StringBuilder(INTRODUCTION);
    ids.forEach((name, id) -> text.append(row(id)));
    text.append(MACHINE);
    values.forEach(
        (label, words) ->
            text.append("| %s | `%s` |\n".formatted(label, String.join("`, `", words))));
    return text.toString();
  }

  /** A meter's name as a scrape shows it, which says of each counter that it is a total. */
  String prometheus(Meter.Id id) {
    String name =
        registry.config().namingConvention().name(id.getName(), id.getType(), id.getBaseUnit());
    return id.getType() == Meter.Type.COUNTER ? name + "_total" : name;
  }

  private String row(Meter.Id id) {
    TreeSet<String> names = Objects.requireNonNull(labels.get(id.getName()));
    return "| `%s` | `%s` | %s | %s | %s |\n"
        .formatted(
            id.getName(),
            prometheus(id),
            id.getType().name().toLowerCase(Locale.ROOT),
            names.isEmpty() ? "" : "`" + String.join("`, `", names) + "`",
            id.getDescription());
  }
}
