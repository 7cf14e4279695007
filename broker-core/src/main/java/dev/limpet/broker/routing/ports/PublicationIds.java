package dev.limpet.broker.routing.ports;

import dev.limpet.broker.mqtt.NodeId;
import dev.limpet.broker.mqtt.PublicationId;
import java.util.concurrent.atomic.AtomicLong;

/** Numbers the publications that enter the cluster through this node. Thread-safe. */
public final class PublicationIds {
  private final long origin;
  private final AtomicLong last = new AtomicLong();

  public PublicationIds(NodeId self) {
    this.origin = self.incarnation();
  }

  public PublicationId next() {
    return new PublicationId(origin, last.incrementAndGet());
  }

  /** The last number given, 0 for none yet. */
  public long last() {
    return last.get();
  }
}
