package dev.limpet.broker.session;

/**
 * Packet ids derived from sequences: a delivery that is sent again, on any node, has the id it had,
 * and nobody had to store it [MQTT-4.4.0-1]. Stateless.
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
