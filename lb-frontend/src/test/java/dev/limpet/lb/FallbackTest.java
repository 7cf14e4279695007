package dev.limpet.lb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.ServerSocket;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What happens when the home is unknown or out of reach. */
class FallbackTest {

  private static final byte[] CONNECT = Packets.connect311("far");

  private FrontendFixture fixture;

  @AfterEach
  void stop() {
    await().until(() -> fixture.gauge("handshakes") == 0);
    fixture.close();
  }

  @Test
  void a_home_that_refuses_connections_means_service_where_the_client_landed() throws IOException {
    fixture = FrontendFixture.start();
    fixture.homes.put("far", FrontendFixture.remote("b", FrontendFixture.deadPort()));
    servedLocally();
    assertThat(fixture.counted("fallback")).isOne();
    assertThat(fixture.counted("local")).isOne();
    assertThat(fixture.counted("relayed")).isZero();
  }

  @Test
  void a_client_whose_home_moved_meanwhile_follows_it() throws IOException {
    fixture = FrontendFixture.start();
    int deadPort = FrontendFixture.deadPort();
    try (ServerSocket newHome = fixture.homeOf("far")) {
      Home.Remote moved = (Home.Remote) fixture.homes.get("far");
      AtomicInteger questions = new AtomicInteger();
      fixture.placement =
          clientId ->
              questions.getAndIncrement() == 0
                  ? FrontendFixture.remote("dead", deadPort)
                  : new Home.Remote("c", moved.relayAddress());
      try (TestClient client = fixture.client().send(CONNECT);
          TestClient backend = new TestClient(newHome.accept())) {
        backend.read(28);
        assertThat(backend.read(CONNECT.length)).isEqualTo(CONNECT);
        client.close();
      }
    }
    assertThat(fixture.counted("fallback")).isZero();
  }

  @Test
  void a_client_waits_while_its_home_is_recovering() throws IOException {
    fixture = FrontendFixture.start(options -> options.placementRetryMillis(10));
    AtomicInteger questions = new AtomicInteger();
    fixture.placement =
        clientId ->
            questions.incrementAndGet() < 5 ? new Home.Unavailable("recovering") : new Home.Local();
    servedLocally();
    assertThat(questions).hasValue(5);
    assertThat(fixture.counted("fallback")).isZero();
  }

  @Test
  void a_client_without_a_home_is_closed_in_the_end() throws IOException {
    fixture =
        FrontendFixture.start(options -> options.placementRetryMillis(10).placementWaitMillis(100));
    fixture.homes.put("far", new Home.Unavailable("no owner"));
    try (TestClient client = fixture.client().send(CONNECT)) {
      client.readToEnd();
    }
    assertThat(fixture.rejected(RejectReason.UNAVAILABLE)).isOne();
    assertThat(fixture.handedOver).isEmpty();
  }

  @Test
  void a_placement_that_throws_counts_as_unavailable() throws IOException {
    fixture = FrontendFixture.start(options -> options.placementRetryMillis(10));
    AtomicInteger questions = new AtomicInteger();
    fixture.placement =
        clientId -> {
          if (questions.getAndIncrement() == 0) {
            throw new IllegalStateException("no table (expected in this test)");
          }
          return new Home.Local();
        };
    servedLocally();
    assertThat(questions).hasValue(2);
  }

  @Test
  void a_client_that_leaves_while_it_waits_is_forgotten() throws IOException {
    fixture = FrontendFixture.start(options -> options.placementRetryMillis(10));
    fixture.homes.put("far", new Home.Unavailable("recovering"));
    TestClient client = fixture.client().send(CONNECT);
    await().until(() -> fixture.asked.size() > 2);
    client.sendReset();
    await().until(() -> fixture.gauge("connections.open") == 0);
    await().until(() -> fixture.rejected(RejectReason.CLOSED_EARLY) == 1);
    await().until(() -> fixture.gauge("handshake.bytes") == 0);
  }

  @Test
  void a_waiting_client_cannot_pile_up_bytes_behind_its_fin() throws IOException {
    fixture =
        FrontendFixture.start(
            options ->
                options.relayQueueBytesMax(1024).connectBytesMax(64).placementRetryMillis(10));
    fixture.homes.put("far", new Home.Unavailable("recovering"));
    try (TestClient client = fixture.client().send(CONNECT)) {
      await().until(() -> !fixture.asked.isEmpty());
      client.send(new byte[32 * 1024]);
      client.sendFin();
      client.readToEnd();
    }
    await().until(() -> fixture.gauge("connections.open") == 0);
    assertThat(fixture.handedOver).isEmpty();
  }

  @Test
  void a_failing_node_is_skipped_for_a_while() throws IOException {
    fixture =
        FrontendFixture.start(
            options -> options.backendFailuresMax(2).backendRetryMillis(3_600_000));
    fixture.homes.put("far", FrontendFixture.remote("b", FrontendFixture.deadPort()));
    servedLocally();
    servedLocally();
    // Now the node is back, but nobody asks it for an hour.
    try (ServerSocket back = fixture.homeOf("far")) {
      servedLocally();
      assertThat(fixture.counted("fallback")).isEqualTo(3);
      fixture.frontend.nodeLeft("b");
      try (TestClient client = fixture.client().send(CONNECT);
          TestClient backend = new TestClient(back.accept())) {
        backend.read(28);
        assertThat(backend.read(CONNECT.length)).isEqualTo(CONNECT);
        client.close();
      }
    }
  }

  private void servedLocally() throws IOException {
    try (TestClient client = fixture.client().send(CONNECT)) {
      assertThat(client.read(CONNECT.length)).isEqualTo(CONNECT);
    }
  }
}
