package dev.limpet.broker.connection.codec;

import dev.limpet.broker.mqtt.Qos;

/**
 * Holds the flags in the first byte of a PUBLISH (section 3.3.1). Immutable; there is one instance
 * of each combination, so a packet allocates none.
 */
public final class PublishFlags {
  private static final int RETAIN = 0x01;
  private static final int QOS_SHIFT = 1;
  private static final int DUP = 0x08;

  /** By the bits on the wire. */
  private static final PublishFlags[] ALL = new PublishFlags[DUP << 1];

  static {
    for (Qos qos : Qos.values()) {
      for (boolean dup : new boolean[] {false, true}) {
        for (boolean retain : new boolean[] {false, true}) {
          ALL[bits(qos, dup, retain)] = new PublishFlags(qos, dup, retain);
        }
      }
    }
  }

  private final Qos qos;
  private final boolean dup;
  private final boolean retain;

  private PublishFlags(Qos qos, boolean dup, boolean retain) {
    this.qos = qos;
    this.dup = dup;
    this.retain = retain;
  }

  public static PublishFlags of(Qos qos, boolean dup, boolean retain) {
    return ALL[bits(qos, dup, retain)];
  }

  public Qos qos() {
    return qos;
  }

  /** Whether the packet may have been sent before. */
  public boolean dup() {
    return dup;
  }

  public boolean retain() {
    return retain;
  }

  /** The lower half of the first byte. */
  int bits() {
    return bits(qos, dup, retain);
  }

  private static int bits(Qos qos, boolean dup, boolean retain) {
    return (dup ? DUP : 0) | qos.level() << QOS_SHIFT | (retain ? RETAIN : 0);
  }

  @Override
  public String toString() {
    return qos + (dup ? ", again" : "") + (retain ? ", retained" : "");
  }
}
