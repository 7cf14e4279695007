package dev.limpet.broker.connection.connect;

import dev.limpet.broker.connection.MqttConnection;
import dev.limpet.broker.connection.attachment.ConnectionPorts;
import dev.limpet.broker.connection.contest.PausedConnects;
import dev.limpet.broker.events.EventKind;
import dev.limpet.broker.io.Lane;
import dev.limpet.broker.mqtt.ConnectRequest;
import dev.limpet.broker.mqtt.ReasonCode;
import dev.limpet.broker.spi.ClientIdentity;
import dev.limpet.broker.spi.cluster.ClaimView;
import io.vertx.core.buffer.Buffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Delays a CONNECT whose client id keeps moving from one client to another. It waits before it
 * claims, so the current holder of the id is undisturbed meanwhile, and counts as a socket not
 * admitted yet. Confined to its lane.
 */
final class ConnectPause {
  /** Names, topics and objects. */
  private static final int REST_BYTES = 2_048;

  private final MqttConnection connection;
  private final ConnectionPorts ports;
  private final ConnectRequest request;
  private Lane.@Nullable Timer timer;

  ConnectPause(MqttConnection connection, ConnectionPorts ports, ConnectRequest request) {
    this.connection = connection;
    this.ports = ports;
    this.request = request;
  }

  /** Goes on at once, later, or never when the connection ends or too many wait. */
  void before(ClientIdentity identity, Runnable next) {
    PausedConnects paused = ports.paused();
    long pauseMillis =
        Math.min(paused.ids().pauseMillis(identity.clientId()), connection.connectTimeoutMillis());
    if (pauseMillis == 0) {
      next.run();
      return;
    }
    if (paused.ids().isWorthTelling(identity.clientId())) {
      tell(identity, pauseMillis);
    }
    if (!paused.enter(heldBytes(request))) {
      connection.close(ReasonCode.SERVER_BUSY, "too many clients with contested ids wait");
      return;
    }
    connection.caller().clientSocket().waitAgain();
    timer =
        connection
            .lane()
            .schedule(
                () -> {
                  end();
                  if (!connection.isClosed()) {
                    connection.caller().clientSocket().endWait();
                    next.run();
                  }
                },
                pauseMillis);
  }

  /** Releases its place; the connection is over, or it has waited long enough. */
  void end() {
    Lane.Timer running = timer;
    if (running != null) {
      timer = null;
      running.cancel();
      ports.paused().leave(heldBytes(request));
    }
  }

  /** Names both clients: this one, and the one that holds the id according to the directory. */
  private void tell(ClientIdentity identity, long pauseMillis) {
    String advice = "its CONNECT waits " + pauseMillis + " ms; give each client an id of its own";
    var unused =
        ports
            .directory()
            .find(identity.clientId())
            .handle((found, failure) -> found == null ? "unknown" : words(found))
            .thenAcceptAsync(
                other ->
                    ports
                        .socket()
                        .eventLog()
                        .tell(
                            EventKind.CONTENDED,
                            connection.caller()::client,
                            () -> "the other one is " + other + "; " + advice),
                connection.lane());
  }

  private static String words(Optional<ClaimView> found) {
    return found
        .map(holder -> "at %s on node %s".formatted(holder.address(), holder.claim().host().name()))
        .orElse("gone");
  }

  /** Bytes held for a CONNECT while it waits. */
  private static int heldBytes(ConnectRequest request) {
    return REST_BYTES
        + length(request.will() == null ? null : request.will().payload())
        + length(request.password())
        + length(request.credentials().authenticationData())
        + request.userProperties().stream()
            .mapToInt(each -> each.name().length() + each.value().length())
            .sum();
  }

  private static int length(@Nullable Buffer bytes) {
    return bytes == null ? 0 : bytes.length();
  }
}
