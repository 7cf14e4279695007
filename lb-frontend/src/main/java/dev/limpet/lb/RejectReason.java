package dev.limpet.lb;

import java.util.Locale;

/** Why the frontend closed a connection itself; the tag {@code reason} of the counter. */
enum RejectReason {
  /** The first packet is not CONNECT (or not MQTT at all). */
  NOT_CONNECT,
  /** The fixed header's Remaining Length is not a valid variable byte integer. */
  REMAINING_LENGTH,
  /** The protocol name is neither MQTT nor MQIsdp. */
  PROTOCOL_NAME,
  /** More bytes than allowed before the client id was complete, or while the home was sought. */
  OVERSIZE,
  /** The client id was not complete in time. */
  TIMEOUT,
  /**
   * The client closed, or half-closed, before its id was complete, as port probes do; or whoever is
   * in front of the frontend closed it.
   */
  CLOSED_EARLY,
  /** Too many handshakes at once: the oldest that has not told its id, or the newest. */
  HANDSHAKES_MAX,
  /** Too many bytes held by all handshakes together. */
  HANDSHAKE_BYTES_MAX,
  /** Too many connections at once. */
  CONNECTIONS_MAX,
  /** No home could be found in time. */
  UNAVAILABLE,
  /** The local broker refused the socket with an exception. */
  HANDOVER_FAILED,
  /** The frontend is stopping. */
  STOPPING;

  String tag() {
    return name().toLowerCase(Locale.ROOT);
  }
}
