package dev.limpet.broker.spi.cluster;

/**
 * Reports how a connection ended, which only its host knows for certain: a newer CONNECT that
 * claims its client id before the host has released the claim asks the host, and acts on this
 * answer. Immutable.
 *
 * @param willCancelled whether its will must not be published: the client sent DISCONNECT without
 *     will [MQTT-3.14.4-3], or may not leave this will
 * @param sessionEnded whether its session ended with it, so that its will waits no longer
 *     [MQTT-3.1.3-9]
 */
public record Ending(boolean willCancelled, boolean sessionEnded) {

  /** The connection presumably broke: its host is gone, or has forgotten it. */
  public static final Ending BROKEN = new Ending(false, false);

  /** The client was never connected under the claim, so the claim's will never counts. */
  public static final Ending NEVER_CONNECTED = new Ending(true, false);
}
