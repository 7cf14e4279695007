package dev.limpet.broker.mqtt;

import dev.limpet.broker.topic.TopicName;
import io.vertx.core.buffer.Buffer;

/**
 * Holds the message the broker publishes for a client that vanishes (MQTT 5.0 section 3.1.2.5).
 * Immutable.
 *
 * @param delaySeconds how long the broker waits for the client to come back, 0 to 4,294,967,295
 * @param messageExpirySeconds life of the publication once sent; {@link #NO_EXPIRY} for no end
 */
public record Will(
    TopicName topic,
    Buffer payload,
    Qos qos,
    boolean retain,
    long delaySeconds,
    long messageExpirySeconds,
    PublicationProperties properties) {

  /** The {@code messageExpirySeconds} of a will that does not expire. */
  public static final long NO_EXPIRY = -1;
}
