package dev.limpet.broker.connection.connected;

import dev.limpet.broker.connection.MqttConnection;
import dev.limpet.broker.connection.codec.Packet.Auth;
import dev.limpet.broker.connection.codec.wire.PacketException;
import dev.limpet.broker.mqtt.ReasonCode;
import dev.limpet.broker.spi.Authentication;
import dev.limpet.broker.spi.AuthenticationExchange;
import dev.limpet.broker.spi.AuthenticationExchange.Step;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Exchanges the AUTH packets of one authentication until there is a result [MQTT-4.12.0-2],
 * [MQTT-4.12.0-3]. Confined to its lane.
 */
public final class EnhancedExchange {
  private static final Logger LOG = LoggerFactory.getLogger(EnhancedExchange.class);

  private final MqttConnection connection;
  private final AuthenticationExchange exchange;
  private final String method;
  private final BiConsumer<Authentication, @Nullable Buffer> onResult;
  private boolean thinking;

  /**
   * @param onResult gets the result and the last data for the client, on the lane
   */
  public EnhancedExchange(
      MqttConnection connection,
      AuthenticationExchange exchange,
      String method,
      BiConsumer<Authentication, @Nullable Buffer> onResult) {
    this.connection = connection;
    this.exchange = exchange;
    this.method = method;
    this.onResult = onResult;
  }

  /** Whether the answer to the client's last message has not come yet. */
  public boolean isThinking() {
    return thinking;
  }

  /** The client continues the exchange. */
  public void next(Auth packet) {
    if (packet.reason() != ReasonCode.CONTINUE_AUTHENTICATION) {
      throw new PacketException(
          ReasonCode.PROTOCOL_ERROR, "AUTH with another reason than continue");
    }
    if (!method.equals(packet.method())) {
      throw new PacketException( // [MQTT-4.12.0-5]
          ReasonCode.PROTOCOL_ERROR, "AUTH with another method");
    }
    if (thinking) {
      throw new PacketException(ReasonCode.PROTOCOL_ERROR, "AUTH before the server has answered");
    }
    next(packet.data());
  }

  public void next(@Nullable Buffer data) {
    thinking = true;
    var unused =
        ask(data)
            .toCompletableFuture()
            .copy()
            .orTimeout(connection.connectTimeoutMillis(), TimeUnit.MILLISECONDS)
            .whenCompleteAsync(this::answered, connection.lane());
  }

  private CompletionStage<Step> ask(@Nullable Buffer data) {
    try {
      return exchange.next(data);
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private void answered(@Nullable Step step, @Nullable Throwable failure) {
    thinking = false;
    if (connection.isClosed()) {
      return;
    }
    if (step == null) {
      connection.caller().because(String.valueOf(failure));
      connection.close(ReasonCode.UNSPECIFIED_ERROR, "the authenticator failed");
    } else if (step.result() == null) {
      write(ReasonCode.CONTINUE_AUTHENTICATION, step.data());
      connection.resume();
    } else {
      finish(step.result(), step.data());
    }
  }

  private void finish(Authentication result, @Nullable Buffer data) {
    try {
      onResult.accept(result, data);
    } catch (RuntimeException e) {
      LOG.error("After authenticating {} something failed", connection.caller().address(), e);
      connection.close(ReasonCode.UNSPECIFIED_ERROR, "an internal error");
    }
  }

  /** Writes AUTH. */
  void write(ReasonCode reason, @Nullable Buffer data) {
    connection.answer(new Auth(reason, method, data, null, List.of()));
  }
}
