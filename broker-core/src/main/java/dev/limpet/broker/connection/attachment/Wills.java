package dev.limpet.broker.connection.attachment;

import dev.limpet.broker.mqtt.ConnectRequest;
import dev.limpet.broker.mqtt.Will;
import org.jspecify.annotations.Nullable;

/** Reads the will of a CONNECT. Stateless. */
public final class Wills {
  private Wills() {}

  /** The will, with a delay no longer than the session lives [MQTT-3.1.3-9]; null for none. */
  public static @Nullable Will of(ConnectRequest request) {
    Will will = request.will();
    if (will == null || will.delaySeconds() <= request.session().expirySeconds()) {
      return will;
    }
    return new Will(
        will.topic(),
        will.payload(),
        will.qos(),
        will.retain(),
        request.session().expirySeconds(),
        will.messageExpirySeconds(),
        will.properties());
  }
}
