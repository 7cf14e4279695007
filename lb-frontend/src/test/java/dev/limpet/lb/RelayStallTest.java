package dev.limpet.lb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.ServerSocket;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that do not read what their home sends. */
@ParameterizedClass(name = "native transport: {0}")
@ValueSource(booleans = {true, false})
class RelayStallTest {

  private static final byte[] CONNECT = Packets.connect311("far");
  private static final int QUEUE_BYTES_MAX = 64 * 1024;

  @Parameter boolean nativeTransport;

  private FrontendFixture fixture;
  private ServerSocket home;
  private TestClient client;
  private TestClient backend;
  private CompletableFuture<Void> flood;

  private void startFlood(int stallMillis) throws IOException {
    fixture =
        FrontendFixture.start(
            nativeTransport,
            options ->
                options
                    .relayQueueBytesMax(QUEUE_BYTES_MAX)
                    .relayStallMillis(stallMillis)
                    .relayLingerMillis(200));
    home = fixture.homeOf("far");
    client = fixture.client().send(CONNECT);
    backend = new TestClient(home.accept());
    backend.read(28 + CONNECT.length);
    flood = CompletableFuture.runAsync(this::sendUntilClosed);
  }

  private void sendUntilClosed() {
    byte[] data = new byte[64 * 1024];
    try {
      while (true) {
        backend.send(data);
      }
    } catch (IOException closed) {
      assertThat(closed).isNotNull();
    }
  }

  @AfterEach
  void stop() throws IOException {
    backend.close();
    client.close();
    home.close();
    flood.join();
    fixture.close();
  }

  @Test
  void a_relay_whose_client_never_reads_is_closed() throws IOException {
    startFlood(300);
    await().until(() -> fixture.gauge("relays") == 0);
    assertThat(fixture.registry.get("limpet.frontend.relays.stalled").counter().count()).isOne();
    flood.join();
  }

  @Test
  void a_stuck_relay_of_a_node_that_left_is_closed() throws IOException {
    startFlood(3_600_000);
    await().until(() -> fixture.gauge("relay.queued.bytes") >= QUEUE_BYTES_MAX / 2);
    fixture.frontend.nodeLeft("b");
    await().until(() -> fixture.gauge("relays") == 0);
    flood.join();
  }

  @Test
  void a_stuck_relay_does_not_delay_the_stop() throws IOException {
    startFlood(3_600_000);
    await().until(() -> fixture.gauge("relay.queued.bytes") >= QUEUE_BYTES_MAX / 2);
    FrontendFixture.await(fixture.frontend.stop());
    flood.join();
  }
}
