package dev.limpet.lb;

import static dev.limpet.lb.Packets.hex;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConnectSnifferTest {

  private static final byte[] CONNECT = Packets.connect5("limpet", Packets.userProperty(200));

  private FrontendFixture fixture;

  @AfterEach
  void stop() {
    await().until(() -> fixture.gauge("handshakes") == 0);
    await().until(() -> fixture.gauge("handshake.bytes") == 0);
    fixture.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"30 04 0001 74 78", "16 03 01 02 00", "47 45 54 20 2f", "10 ffffffff"})
  void a_client_that_does_not_begin_with_connect_is_closed(String bytes) throws IOException {
    fixture = FrontendFixture.start();
    closes(hex(bytes));
    assertThat(fixture.handedOver).isEmpty();
  }

  @Test
  void another_protocol_name_is_closed() throws IOException {
    fixture = FrontendFixture.start();
    closes(hex("10 10 0004 4d515458"));
    assertThat(fixture.rejected(RejectReason.PROTOCOL_NAME)).isOne();
  }

  @Test
  void a_client_that_drips_bytes_is_closed_in_time() throws IOException {
    fixture = FrontendFixture.start(options -> options.connectTimeoutMillis(300));
    AtomicInteger sent = new AtomicInteger();
    try (TestClient client = fixture.client()) {
      await()
          .pollInterval(Duration.ofMillis(50))
          .ignoreExceptionsMatching(IOException.class::isInstance) // closed with a byte unread
          .until(
              () -> {
                client.send(Arrays.copyOfRange(CONNECT, sent.get(), sent.incrementAndGet()));
                return fixture.rejected(RejectReason.TIMEOUT) == 1;
              });
      client.readToEnd();
    }
    assertThat(sent.get()).isLessThan(CONNECT.length);
  }

  @Test
  void a_silent_client_is_closed_in_time() throws IOException {
    fixture = FrontendFixture.start(options -> options.connectTimeoutMillis(100));
    try (TestClient client = fixture.client()) {
      assertThat(client.readToEnd()).isTrue();
    }
    assertThat(fixture.rejected(RejectReason.TIMEOUT)).isOne();
  }

  @Test
  void an_announced_size_above_the_bound_is_closed_before_it_arrives() throws IOException {
    fixture = FrontendFixture.start(options -> options.connectBytesMax(100));
    closes(Arrays.copyOf(CONNECT, 20));
    assertThat(fixture.rejected(RejectReason.OVERSIZE)).isOne();
  }

  @Test
  void all_handshakes_together_hold_no_more_than_their_budget() throws IOException {
    fixture = FrontendFixture.start(options -> options.connectBytesMax(250).handshakeBytesMax(250));
    byte[] most = Arrays.copyOf(CONNECT, 200);
    try (TestClient first = fixture.client().send(most)) {
      await().until(() -> fixture.gauge("handshake.bytes") == 200);
      closes(most);
      assertThat(fixture.rejected(RejectReason.HANDSHAKE_BYTES_MAX)).isOne();
      first.send(Arrays.copyOfRange(CONNECT, 200, CONNECT.length));
      assertThat(first.read(CONNECT.length)).isEqualTo(CONNECT);
    }
  }

  /** Issue 7, item 15. The kind: who is silent keeps out who speaks. */
  @Test
  void of_too_many_handshakes_the_oldest_silent_one_is_closed() throws IOException {
    fixture = FrontendFixture.startOnOneLoop(options -> options.handshakesMax(2));
    try (TestClient first = fixture.client();
        TestClient second = fixture.client()) {
      await().until(() -> fixture.gauge("handshakes") == 2);
      try (TestClient third = fixture.client().send(CONNECT)) {
        assertThat(third.read(CONNECT.length)).isEqualTo(CONNECT);
      }
      first.readToEnd();
      assertThat(fixture.rejected(RejectReason.HANDSHAKES_MAX)).isOne();
      second.send(CONNECT);
      assertThat(second.read(CONNECT.length)).isEqualTo(CONNECT);
    }
  }

  @Test
  void of_too_many_handshakes_that_wait_for_a_home_the_newest_is_closed() throws IOException {
    fixture = FrontendFixture.startOnOneLoop(options -> options.handshakesMax(1));
    fixture.placement = id -> new Home.Unavailable("nobody yet");
    try (TestClient first = fixture.client().send(CONNECT)) {
      await().until(() -> !fixture.asked.isEmpty());
      closes(CONNECT);
      assertThat(fixture.rejected(RejectReason.HANDSHAKES_MAX)).isOne();
      fixture.placement = id -> new Home.Local();
      assertThat(first.read(CONNECT.length)).isEqualTo(CONNECT);
    }
  }

  @Test
  void of_too_many_connections_the_newest_is_closed() throws IOException {
    fixture = FrontendFixture.start(options -> options.connectionsMax(1));
    try (TestClient first = fixture.client().send(CONNECT)) {
      first.read(CONNECT.length);
      closes(CONNECT);
      assertThat(fixture.rejected(RejectReason.CONNECTIONS_MAX)).isOne();
    }
    await().until(() -> fixture.gauge("connections.open") == 0);
    try (TestClient next = fixture.client().send(CONNECT)) {
      assertThat(next.read(CONNECT.length)).isEqualTo(CONNECT);
    }
  }

  @Test
  void a_client_that_half_closes_before_its_id_is_closed() throws IOException {
    fixture = FrontendFixture.start();
    try (TestClient client = fixture.client().send(Arrays.copyOf(CONNECT, 50))) {
      client.sendFin();
      client.readToEnd();
    }
    await().until(() -> fixture.gauge("connections.open") == 0);
    await().until(() -> fixture.rejected(RejectReason.CLOSED_EARLY) == 1);
  }

  @Test
  void a_client_that_resets_before_its_id_leaves_nothing() throws IOException {
    fixture = FrontendFixture.start();
    TestClient client = fixture.client().send(Arrays.copyOf(CONNECT, 50));
    await().until(() -> fixture.gauge("handshake.bytes") == 50);
    client.sendReset();
    await().until(() -> fixture.gauge("connections.open") == 0);
    await().until(() -> fixture.rejected(RejectReason.CLOSED_EARLY) == 1);
  }

  private void closes(byte[] bytes) throws IOException {
    try (TestClient client = fixture.client()) {
      client.send(bytes);
      client.readToEnd();
    }
  }
}
