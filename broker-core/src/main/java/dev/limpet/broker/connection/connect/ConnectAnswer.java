package dev.limpet.broker.connection.connect;

import dev.limpet.broker.connection.ConnectionOptions;
import dev.limpet.broker.connection.attachment.Attachment;
import dev.limpet.broker.connection.codec.ConnackProperties;
import dev.limpet.broker.connection.codec.Packet.Connack;
import dev.limpet.broker.mqtt.ConnectRequest;
import dev.limpet.broker.mqtt.ReasonCode;
import dev.limpet.broker.spi.store.StoredSession;
import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * Builds the CONNACK of an admitted client: states where this node differs from the request.
 * Immutable.
 */
final class ConnectAnswer {
  private final ConnectionOptions options;
  private final ConnectRequest request;

  ConnectAnswer(ConnectionOptions options, ConnectRequest request) {
    this.options = options;
    this.request = request;
  }

  /**
   * The packet.
   *
   * @param authenticationData the last of an enhanced authentication; null for none
   */
  Connack to(Attachment attachment, StoredSession stored, @Nullable Buffer authenticationData) {
    return new Connack(
        stored.present(), ReasonCode.SUCCESS, properties(attachment, authenticationData));
  }

  private ConnackProperties properties(Attachment attachment, @Nullable Buffer authenticationData) {
    if (!request.version().isV5()) {
      return ConnackProperties.NONE;
    }
    boolean assigned = request.clientId().isEmpty();
    return ConnackProperties.builder()
        .receiveMaximum(options.session().receiveMaximum())
        .maximumPacketBytes(options.packetBytesMax())
        .topicAliasMaximum(options.topicAliasMaximum())
        .authentication(
            request.credentials().authenticationMethod(), authenticationData) // [MQTT-4.12.0-5]
        .assignedClientId(assigned ? attachment.clientId().value() : null)
        .responseInformation(
            request.connection().requestResponseInformation()
                ? options.protocol().responseInformation(attachment.clientId())
                : null)
        .serverKeepAliveSeconds(
            keepAliveSeconds() == request.connection().keepAliveSeconds()
                ? null
                : keepAliveSeconds())
        .build();
  }

  /** How long the client may be silent, which may be less than it asked for. */
  int keepAliveSeconds() {
    return options.protocol().keepAliveSeconds(request.connection().keepAliveSeconds());
  }
}
