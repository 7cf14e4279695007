package dev.limpet.broker.connection.connected;

import dev.limpet.broker.connection.MqttConnection;
import dev.limpet.broker.io.Lane;
import dev.limpet.broker.metrics.BrokerMetrics;
import dev.limpet.broker.mqtt.ReasonCode;
import dev.limpet.broker.spi.Decision;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Holds back a client's packets while the authorizer decides about one, so that they stay in order.
 *
 * <p>Confined to its lane. At most one packet is thought about at a time.
 */
final class AccessGate {
  private final MqttConnection connection;
  private final BrokerMetrics metrics;
  private boolean shut;

  AccessGate(MqttConnection connection, BrokerMetrics metrics) {
    this.connection = connection;
    this.metrics = metrics;
  }

  /** Whether the next packet has to wait. */
  boolean isShut() {
    return shut;
  }

  /** Goes on with a packet at once when all answers are known, else when they have come. */
  void whenDecided(List<CompletableFuture<Decision>> answers, Runnable next) {
    CompletableFuture<?>[] all = answers.toArray(CompletableFuture<?>[]::new);
    for (CompletableFuture<?> answer : all) {
      if (!answer.isDone()) {
        waitFor(CompletableFuture.allOf(all), next);
        return;
      }
    }
    next.run();
  }

  /** Resumes a packet when its answer has arrived, with any result. */
  void waitFor(CompletableFuture<?> answer, Runnable next) {
    shut = true;
    Lane.Timer timeout =
        connection.lane().schedule(this::tooLate, connection.connectTimeoutMillis());
    var unused =
        answer.whenCompleteAsync(
            (known, failure) -> {
              timeout.cancel();
              open(next);
            },
            connection.lane());
  }

  /**
   * Closes, since a refusal would lose a packet 3.x must acknowledge anyway: the client reconnects.
   */
  private void tooLate() {
    if (!connection.isClosed()) {
      metrics.accessTimedOut();
      connection.close(ReasonCode.SERVER_BUSY, "the authorizer does not answer");
    }
  }

  private void open(Runnable next) {
    shut = false;
    connection.goOn(next);
  }
}
