package dev.limpet.broker.routing;

import dev.limpet.broker.mqtt.PublicationId;
import dev.limpet.broker.routing.replay.UnderWay;

/**
 * Holds the number of a publication that is routed later; the caller tells the router when.
 * Immutable.
 */
public final class Numbered {
  private final PublicationId id;
  private final UnderWay.Work work;

  Numbered(PublicationId id, UnderWay.Work work) {
    this.id = id;
    this.work = work;
  }

  public PublicationId id() {
    return id;
  }

  UnderWay.Work work() {
    return work;
  }
}
