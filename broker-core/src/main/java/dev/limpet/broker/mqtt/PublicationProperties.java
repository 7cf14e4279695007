package dev.limpet.broker.mqtt;

import io.vertx.core.buffer.Buffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The v5 properties of a publication that travel to its subscribers unaltered ([MQTT-3.3.2-4],
 * [MQTT-3.3.2-15] to [MQTT-3.3.2-18], [MQTT-3.3.2-20]). Immutable.
 */
public record PublicationProperties(
    PayloadFormat payloadFormat,
    @Nullable String contentType,
    @Nullable String responseTopic,
    @Nullable Buffer correlationData,
    List<UserProperty> userProperties) {

  /** No properties, as in every 3.1.1 publication. */
  public static final PublicationProperties NONE =
      new PublicationProperties(PayloadFormat.NOT_SAID, null, null, null, List.of());

  public PublicationProperties {
    userProperties = List.copyOf(userProperties);
  }

  /** An estimate of the memory they hold. */
  int bytes() {
    if (isEmpty()) {
      return 0;
    }
    int bytes = correlationData == null ? 0 : correlationData.length();
    bytes += contentType == null ? 0 : contentType.length();
    bytes += responseTopic == null ? 0 : responseTopic.length();
    for (int i = 0; i < userProperties.size(); i++) {
      UserProperty property = userProperties.get(i);
      bytes += 64 + property.name().length() + property.value().length();
    }
    return bytes;
  }

  public boolean isEmpty() {
    return payloadFormat == PayloadFormat.NOT_SAID
        && contentType == null
        && responseTopic == null
        && correlationData == null
        && userProperties.isEmpty();
  }
}
