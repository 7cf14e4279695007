package dev.limpet.broker.session;

/**
 * Derives packet ids from sequences: a delivery resent by any node keeps its id without storing it
 * [MQTT-4.4.0-1]. Stateless.
 */
final class PacketIds {
  /** Packet ids go from 1 to this [MQTT-2.2.1-3]. */
  static final int COUNT = 65_535;

  private PacketIds() {}

  static int of(long sequence) {
    return (int) ((sequence - 1) % COUNT) + 1;
  }

  /** The one sequence from {@code oldest} on, within {@code COUNT}, that has this packet id. */
  static long sequenceOf(int packetId, long oldest) {
    return oldest + Math.floorMod((long) packetId - of(oldest), (long) COUNT);
  }
}
