package dev.limpet.broker.connection.connected;

import dev.limpet.broker.connection.MqttConnection;
import dev.limpet.broker.connection.codec.Packet.Auth;
import dev.limpet.broker.connection.codec.wire.PacketException;
import dev.limpet.broker.mqtt.ReasonCode;
import dev.limpet.broker.spi.Authentication;
import dev.limpet.broker.spi.AuthenticationExchange;
import dev.limpet.broker.spi.Decision;
import io.vertx.core.buffer.Buffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Handles AUTH of a connected client: it proves its identity again, while its other packets proceed
 * (MQTT 5.0 section 4.12.1). Confined to its lane.
 */
final class Reauthentication {
  private final MqttConnection connection;
  private final @Nullable String method;
  private final @Nullable String userName;
  private @Nullable EnhancedExchange current;

  /**
   * @param method of CONNECT; null when it had none
   * @param userName proved then, and to be proved again
   */
  Reauthentication(MqttConnection connection, @Nullable String method, @Nullable String userName) {
    this.connection = connection;
    this.method = method;
    this.userName = userName;
  }

  void handle(Auth packet) {
    EnhancedExchange exchange = current;
    if (exchange != null) {
      exchange.next(packet);
      return;
    }
    if (method == null
        || packet.reason() != ReasonCode.REAUTHENTICATE
        || !method.equals(packet.method())) { // [MQTT-4.12.1-1]
      throw new PacketException(ReasonCode.PROTOCOL_ERROR, "an unexpected AUTH");
    }
    AuthenticationExchange begun =
        connection.caller().enhanced().begin(method, connection.caller().origin());
    if (begun == null) {
      throw new PacketException(
          ReasonCode.BAD_AUTHENTICATION_METHOD, "the method is no longer available");
    }
    EnhancedExchange next = new EnhancedExchange(connection, begun, method, this::done);
    current = next;
    next.next(packet.data());
  }

  private void done(Authentication result, @Nullable Buffer data) {
    EnhancedExchange exchange = current;
    current = null;
    boolean same =
        result.decision() == Decision.ALLOW && Objects.equals(result.userName(), userName);
    if (!same || exchange == null) {
      ReasonCode reason = result.reason().isError() ? result.reason() : ReasonCode.NOT_AUTHORIZED;
      connection.close(reason, "authentication anew failed"); // [MQTT-4.12.1-2]
    } else {
      exchange.write(ReasonCode.SUCCESS, data);
    }
  }
}
