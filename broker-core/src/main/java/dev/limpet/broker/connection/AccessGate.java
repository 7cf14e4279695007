package dev.limpet.broker.connection;

import dev.limpet.broker.connection.codec.PacketException;
import dev.limpet.broker.mqtt.ReasonCode;
import dev.limpet.broker.spi.Decision;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds back a client's packets while the authoriser thinks about one, so that they keep their
 * order.
 *
 * <p>Confined to its lane. At most one packet is thought about at a time.
 */
final class AccessGate {
  private static final Logger LOG = LoggerFactory.getLogger(AccessGate.class);

  private final MqttConnection connection;
  private boolean shut;

  AccessGate(MqttConnection connection) {
    this.connection = connection;
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

  /** Goes on with a packet when the answer has come, whatever it is. */
  void waitFor(CompletableFuture<?> answer, Runnable next) {
    shut = true;
    var unused = answer.whenCompleteAsync((known, failure) -> open(next), connection.lane());
  }

  private void open(Runnable next) {
    shut = false;
    if (connection.isClosed()) {
      return;
    }
    try {
      next.run();
    } catch (PacketException e) {
      connection.fail(e);
      return;
    } catch (RuntimeException e) {
      LOG.error("Handling a packet of {} failed", connection.address(), e);
      connection.close(ReasonCode.UNSPECIFIED_ERROR, "an internal error");
      return;
    }
    connection.resume();
  }
}
