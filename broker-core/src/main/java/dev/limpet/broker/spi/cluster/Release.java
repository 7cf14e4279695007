package dev.limpet.broker.spi.cluster;

/**
 * States how a connection ended. Immutable.
 *
 * @param fate of the will the claim carries, if it carries one
 * @param willDueAtMillis wall clock at which a kept will is due; 0 unless {@code fate} is KEEP
 * @param sessionEnds whether the session ended with the connection, so that the directory may
 *     forget the client id
 */
public record Release(WillFate fate, long willDueAtMillis, boolean sessionEnds) {

  /** The fate of the will. */
  public enum WillFate {
    /** The client sent DISCONNECT: the will is never published [MQTT-3.14.4-3]. */
    DISCARD,
    /** It is handed to the caller, who publishes it. */
    HAND_OVER,
    /** It waits in the directory; the host that released it takes it when it is due. */
    KEEP
  }
}
