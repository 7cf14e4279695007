package dev.limpet.broker.sys;

import dev.limpet.broker.io.Lane;
import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.mqtt.Publication;
import dev.limpet.broker.mqtt.PublicationProperties;
import dev.limpet.broker.mqtt.Qos;
import dev.limpet.broker.routing.Router;
import dev.limpet.broker.routing.ports.RoutingPorts;
import dev.limpet.broker.topic.TopicName;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.buffer.Buffer;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Publishes the values that have changed since the last time, retained, to the clients of this
 * node. At QoS 0: a value is replaced by the next one soon, and no inbox is to fill with old ones.
 *
 * <p>Confined to its lane, but for {@link #start} and {@link #stop}.
 */
public final class SysPublisher {
  private static final ClientId PUBLISHER = ClientId.of("$SYS");

  private final Lane lane;
  private final RoutingPorts ports;
  private final Router router;
  private final SysNumbers numbers;
  private final long intervalMillis;
  private final long startedNanos = System.nanoTime();
  private final Map<String, String> published = new HashMap<>();
  private volatile boolean stopped;
  private Lane.@Nullable Timer timer;

  /**
   * @param intervalSeconds between two rounds; 0 to publish nothing
   */
  public SysPublisher(
      RoutingPorts ports, Router router, MeterRegistry registry, int intervalSeconds) {
    this.lane = ports.lanes().all().get(0);
    this.ports = ports;
    this.router = router;
    this.numbers = new SysNumbers(registry, ports.retained());
    this.intervalMillis = TimeUnit.SECONDS.toMillis(intervalSeconds);
  }

  /** Begins to publish, at once. */
  public void start() {
    if (intervalMillis > 0) {
      lane.execute(this::publishChanges);
    }
  }

  /** The node stops. */
  public void stop() {
    stopped = true;
    lane.execute(
        () -> {
          if (timer != null) {
            timer.cancel();
          }
        });
  }

  private void publishChanges() {
    if (stopped) {
      return;
    }
    timer = lane.schedule(this::publishChanges, intervalMillis);
    long upSeconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - startedNanos);
    numbers
        .read(upSeconds, intervalMillis / 1_000.0)
        .forEach(
            (topic, value) -> {
              if (!value.equals(published.put(topic, value))) {
                publish(TopicName.of(topic), value);
              }
            });
  }

  private void publish(TopicName topic, String value) {
    Publication publication =
        new Publication(
            ports.ids().next(),
            PUBLISHER,
            topic,
            Buffer.buffer(value),
            Qos.AT_MOST_ONCE,
            true,
            Publication.NEVER,
            PublicationProperties.NONE);
    var unused = ports.retained().retain(publication); // at once: it is on this node's heap
    router.deliverHere(publication);
  }
}
