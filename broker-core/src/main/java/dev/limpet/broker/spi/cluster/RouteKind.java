package dev.limpet.broker.spi.cluster;

/** States which publications a route applies to. */
public enum RouteKind {
  /** Live path, any QoS: a transient session is connected there. */
  LIVE,
  /** Live path, deliveries at QoS 0 only: a durable session is connected there. */
  LIVE_QOS0,
  /** Durable path: the node is the home of a durable session that wants QoS 1 or 2. */
  DURABLE,
  /**
   * Share groups only, beside {@link #DURABLE}: one of those sessions is connected, so that the
   * group need not fall back on disconnected members.
   */
  DURABLE_CONNECTED
}
