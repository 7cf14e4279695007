package dev.limpet.broker.sys;

import dev.limpet.broker.spi.store.RetainedStore;
import dev.limpet.broker.spi.store.StoreUsage;
import io.micrometer.core.instrument.Measurement;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.lang.management.ManagementFactory;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Reads the metrics of the node and words them as mosquitto does. Confined to its publisher.
 *
 * <p>{@code retained messages} are those of the whole cluster and of {@code $SYS} here; all other
 * numbers are this node's.
 */
final class SysNumbers {
  private static final String ROOT = "$SYS/broker/";

  private final MeterRegistry registry;
  private final RetainedStore retained;
  private final Map<LoadAverage, String> loads = new LinkedHashMap<>();
  private long heapMost;

  SysNumbers(MeterRegistry registry, RetainedStore retained) {
    this.registry = registry;
    this.retained = retained;
    load("messages/received", "limpet.packets.received");
    load("messages/sent", "limpet.packets.sent");
    load("publish/dropped", "limpet.deliveries.dropped");
    load("publish/received", "limpet.publications.received");
    load("publish/sent", "limpet.publications.sent");
    load("bytes/received", "limpet.bytes.received");
    load("bytes/sent", "limpet.bytes.sent");
    load("sockets", "limpet.sockets.opened");
    load("connections", "limpet.connects");
  }

  private void load(String topic, String meter) {
    loads.put(new LoadAverage(ROOT + "load/" + topic), meter);
  }

  /** The version, which never changes. */
  static String version() {
    Package packaged = SysNumbers.class.getPackage();
    return "limpet version "
        + Optional.ofNullable(packaged.getImplementationVersion()).orElse("(unpackaged)");
  }

  /**
   * All topics and their values now.
   *
   * @param upSeconds since the node started
   * @param seconds since the last call, above 0
   */
  Map<String, String> read(long upSeconds, double seconds) {
    Map<String, String> values = new LinkedHashMap<>();
    values.put(ROOT + "version", version());
    values.put(ROOT + "uptime", upSeconds + " seconds");
    clients(values);
    traffic(values);
    stores(values);
    heap(values);
    loads.forEach(
        (load, meter) -> {
          load.update(sum(meter), seconds);
          load.addTo(values);
        });
    return values;
  }

  private void clients(Map<String, String> values) {
    long connected = sum("limpet.connections");
    long disconnected = sum("limpet.sessions.offline");
    put(values, "clients/total", connected + disconnected);
    put(values, "clients/connected", connected);
    put(values, "clients/active", connected);
    put(values, "clients/disconnected", disconnected);
    put(values, "clients/inactive", disconnected);
    put(values, "clients/maximum", sum("limpet.connections.most"));
    put(values, "clients/expired", sum("limpet.sessions.expired"));
    put(values, "subscriptions/count", sum("limpet.subscriptions"));
    put(values, "shared_subscriptions/count", sum("limpet.subscriptions.shared"));
  }

  private void traffic(Map<String, String> values) {
    put(values, "messages/received", sum("limpet.packets.received"));
    put(values, "messages/sent", sum("limpet.packets.sent"));
    put(values, "publish/messages/received", sum("limpet.publications.received"));
    put(values, "publish/messages/sent", sum("limpet.publications.sent"));
    put(
        values,
        "publish/messages/dropped",
        sum("limpet.deliveries.dropped") + sum("limpet.store.inbox.dropped"));
    put(values, "publish/bytes/received", sum("limpet.publications.bytes.received"));
    put(values, "publish/bytes/sent", sum("limpet.publications.bytes.sent"));
    put(values, "bytes/received", sum("limpet.bytes.received"));
    put(values, "bytes/sent", sum("limpet.bytes.sent"));
  }

  private void stores(Map<String, String> values) {
    StoreUsage kept = retained.usage();
    long messages = kept.messages() + sum("limpet.inboxes.messages");
    put(values, "retained messages/count", kept.messages());
    put(values, "messages/stored", messages);
    put(values, "store/messages/count", messages);
    put(values, "store/messages/bytes", kept.bytes() + sum("limpet.inboxes.bytes"));
  }

  private void heap(Map<String, String> values) {
    long used = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    heapMost = Math.max(heapMost, used);
    put(values, "heap/current", used);
    put(values, "heap/maximum", heapMost);
  }

  private static void put(Map<String, String> values, String topic, long value) {
    values.put(ROOT + topic, Long.toString(value));
  }

  /** Sums all meters with this name, with any tags; 0 when there is none. */
  private long sum(String name) {
    double sum = 0;
    for (Meter meter : registry.find(name).meters()) {
      for (Measurement measurement : meter.measure()) {
        sum += measurement.getValue();
      }
    }
    return Math.round(sum);
  }
}
