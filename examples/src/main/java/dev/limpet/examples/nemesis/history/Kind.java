package dev.limpet.examples.nemesis.history;

/** What an {@link Event} tells; behind each kind the fields it uses. */
public enum Kind {
  /** A round begins: note says which. */
  START,
  /** A client begins a connection: client, connection, note = node and listener. */
  CONNECT,
  /** The connection has a will: client, connection, topic, number (its payload). */
  WILL,
  /**
   * CONNACK came: client, connection, number = session present (1 or 0), note = durable or clean.
   */
  CONNECTED,
  /** The attempt failed: client, connection, note = why. */
  REFUSED,
  /**
   * The connection ended: client, connection, note = peer, drop (ours, no DISCONNECT) or goodbye.
   */
  CLOSED,
  /** SUBACK came: client, connection, topic = filter, qos granted. */
  SUBSCRIBED,
  /** A publisher sends for the first time: client, connection, topic, qos, number. */
  PUBLISH,
  /** PUBACK or PUBCOMP came: client, connection, topic, qos, number. */
  ACKED,
  /** A message arrived: client, connection, topic, qos, number, note = dup or nothing. */
  RECEIVED,
  /** PINGREQ was sent: client, connection, number. */
  PING,
  /** Its PINGRESP came: client, connection, number. */
  PONG,
  /** A fault begins: number, client = nodes it touches, note = what. */
  FAULT,
  /** The fault with this number is over. */
  HEALED,
  /** A process ended that nobody had ended: client = node, number = exit status. */
  EXITED,
  /** All faults are over; from now on the cluster has time to agree. */
  CALM,
  /** All running nodes say ready and name the same nodes: note = what they say. */
  AGREED,
  /** They did not in time: note = what they say instead. */
  DISAGREED,
  /** The harness itself had no CPU: number = milliseconds until now. */
  STALL,
  /** The round is over; what has not come by now never came. */
  END
}
