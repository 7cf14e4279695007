package dev.limpet.cluster;

import dev.limpet.broker.events.EventLog;
import dev.limpet.broker.files.FileWatch;
import dev.limpet.cluster.config.ListenerUri;
import dev.limpet.cluster.config.NodeOptions;
import dev.limpet.cluster.config.Setting;
import dev.limpet.cluster.config.Settings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * All that the parts of a node are told, each value by its path through the records, with the
 * pipeline and the frontend of the first listener. Immutable.
 */
record BuiltOptions(Map<String, String> values) {

  /** What others are made of: an option that comes no further has no effect. */
  private static final Set<String> ON_THE_WAY =
      Set.of(
          "node.serving.broker", "node.serving.handshakes", "node.listeners", "built.handshakes");

  static BuiltOptions of(Setting... said) {
    NodeOptions node = NodeOptions.of(Settings.merge(List.of(List.of(said))));
    ClusteredBrokerOptions built = ClusteredBrokerOptions.of(node);
    boolean listens = !node.listeners().isEmpty(); // all but witnesses
    ListenerUri listener = (listens ? node : NodeOptions.defaults()).listeners().get(0);
    Map<String, String> values = new TreeMap<>();
    collect("node", node, values);
    collect("built", built, values);
    try (FileWatch watch = new FileWatch()) {
      ListenerFactory listenerFactory =
          new ListenerFactory(new SimpleMeterRegistry(), watch, built, new EventLog());
      collect("listener", listenerFactory.options(listener), values);
      collect("frontend", listenerFactory.frontend(listener), values);
    }
    return new BuiltOptions(values);
  }

  private static void collect(String path, Object value, Map<String, String> values) {
    if (ON_THE_WAY.contains(path)) {
      return;
    }
    if (!(value instanceof Record)) {
      values.put(path, String.valueOf(value).replaceAll("(\\$\\$Lambda|@)\\S*", ""));
      return;
    }
    for (RecordComponent each : value.getClass().getRecordComponents()) {
      try {
        each.getAccessor().setAccessible(true);
        collect(path + "." + each.getName(), each.getAccessor().invoke(value), values);
      } catch (ReflectiveOperationException e) {
        throw new AssertionError(each + " cannot be read", e);
      }
    }
  }

  /** Every path whose value is another one. */
  Set<String> changedFrom(BuiltOptions before) {
    return Stream.concat(values.keySet().stream(), before.values.keySet().stream())
        .filter(path -> !String.valueOf(values.get(path)).equals(before.values.get(path)))
        .collect(Collectors.toSet());
  }
}
