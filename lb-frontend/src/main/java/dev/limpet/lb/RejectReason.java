package dev.limpet.lb;

import java.util.Locale;

/** States why the frontend closed a connection itself; the tag {@code reason} of the counter. */
enum RejectReason {
  /** The first packet is not CONNECT (or not MQTT at all). */
  NOT_CONNECT("its first packet is not CONNECT"),
  /** The fixed header's Remaining Length is not a valid variable byte integer. */
  REMAINING_LENGTH("the length of its first packet cannot be read"),
  /** The protocol name is neither MQTT nor MQIsdp. */
  PROTOCOL_NAME("its protocol is neither MQTT nor MQIsdp"),
  /** More bytes than allowed before the client id was complete, or while the home was sought. */
  OVERSIZE("its CONNECT is larger than it may be (connect-bytes-max)"),
  /** The client id was not complete in time. */
  TIMEOUT("its client id did not arrive in time (connect-millis-max)"),
  /**
   * The client closed, or half-closed, before its id was complete, as port probes do; or a proxy in
   * front of the frontend closed it.
   */
  CLOSED_EARLY("it closed"),
  /** Too many handshakes at once: closes the oldest without a client id, or the newest. */
  HANDSHAKES_MAX("too many connections wait for CONNECT or their home (handshakes-max)"),
  /** Too many bytes held by all handshakes together. */
  HANDSHAKE_BYTES_MAX("waiting connections have sent too much together (handshake-bytes-max)"),
  /** Too many connections at once. */
  CONNECTIONS_MAX("the listener has as many connections as it may (max-connections)"),
  /** No home could be found in time. */
  UNAVAILABLE("no node serves its client id yet"),
  /** The local broker refused the socket with an exception. */
  HANDOVER_FAILED("this node did not take it over"),
  /** The frontend is stopping. */
  STOPPING("the node stops");

  private final String words;

  RejectReason(String words) {
    this.words = words;
  }

  /** Describes the error for operators, and names the option that bounds it. */
  String words() {
    return words;
  }

  /** Whether the client is not at fault: it left by itself, or all clients have to. */
  boolean isOrdinary() {
    return this == CLOSED_EARLY || this == STOPPING;
  }

  String tag() {
    return name().toLowerCase(Locale.ROOT);
  }
}
