package dev.limpet.broker.spi.cluster;

/** States what a node has under a claim that names it as the host. */
public enum Holding {
  /** No connection, and no CONNECT in progress: the claim is left over. */
  NONE,
  /** A CONNECT that has not been answered yet. */
  CONNECTING,
  /** A connected client. */
  CONNECTED
}
