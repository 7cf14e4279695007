package dev.limpet.broker.mqtt;

import io.vertx.core.buffer.Buffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The v5 properties of a publication that travel to its subscribers unaltered ([MQTT-3.3.2-4],
 * [MQTT-3.3.2-15] to [MQTT-3.3.2-18], [MQTT-3.3.2-20]). Immutable.
 */
public record PublicationProperties(
    boolean payloadIsUtf8,
    @Nullable String contentType,
    @Nullable String responseTopic,
    @Nullable Buffer correlationData,
    List<UserProperty> userProperties) {

  /** No properties: what every 3.1.1 publication has. */
  public static final PublicationProperties NONE =
      new PublicationProperties(false, null, null, null, List.of());

  public PublicationProperties {
    userProperties = List.copyOf(userProperties);
  }

  public boolean isEmpty() {
    return !payloadIsUtf8
        && contentType == null
        && responseTopic == null
        && correlationData == null
        && userProperties.isEmpty();
  }
}
