package dev.limpet.broker.mqtt;

import dev.limpet.broker.topic.TopicName;
import io.vertx.core.buffer.Buffer;

/**
 * An application message inside the broker (PUBLISH is the packet). Immutable; the payload is
 * shared by all deliveries and never written to.
 *
 * @param id names it in the cluster
 * @param publisher who sent it; "No Local" compares it
 * @param retain the RETAIN flag its publisher set
 * @param expiresAtMillis wall clock (epoch milliseconds) after which it is not delivered any more;
 *     {@link #NEVER} for no expiry [MQTT-3.3.2-5]
 */
public record Publication(
    PublicationId id,
    ClientId publisher,
    TopicName topic,
    Buffer payload,
    Qos qos,
    boolean retain,
    long expiresAtMillis,
    PublicationProperties properties) {

  private static final int OBJECT_BYTES = 280;

  /** The {@code expiresAtMillis} of publications that do not expire. */
  public static final long NEVER = Long.MAX_VALUE;

  public boolean isExpired(long nowMillis) {
    return nowMillis >= expiresAtMillis;
  }

  /**
   * Its size on the heap, for bounds in bytes: its objects, those of one delivery of it and of its
   * payload's buffer, as a 64-bit JVM lays them out, and their contents.
   */
  public int bytes() {
    return OBJECT_BYTES + topic.value().length() + payload.length() + properties.bytes();
  }
}
