package dev.limpet.lb;

import static dev.limpet.lb.Packets.DISCONNECT;
import static dev.limpet.lb.Packets.PUBLISH;
import static dev.limpet.lb.Packets.join;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

@ParameterizedClass(name = "native transport: {0}")
@ValueSource(booleans = {true, false})
class RelayTest {

  private static final byte[] CONNECT = Packets.connect5("far", Packets.userProperty(300));
  private static final int PROXY_HEADER_BYTES = 28;
  private static final int QUEUE_BYTES_MAX = 64 * 1024;

  /** One read may overshoot the watermark of each direction. */
  private static final int QUEUE_BYTES_CEILING = 2 * (QUEUE_BYTES_MAX + 64 * 1024);

  @Parameter boolean nativeTransport;

  private FrontendFixture fixture;
  private ServerSocket home;
  private TestClient client;
  private TestClient backend;

  @BeforeEach
  void start() throws IOException {
    fixture =
        FrontendFixture.start(
            nativeTransport,
            options -> options.relayQueueBytesMax(QUEUE_BYTES_MAX).relayLingerMillis(600_000));
    home = fixture.homeOf("far");
    client = fixture.client();
  }

  @AfterEach
  void stop() throws IOException {
    client.close();
    if (backend != null) {
      backend.close();
    }
    home.close();
    await().until(() -> fixture.gauge("relays") == 0 && fixture.gauge("connections.open") == 0);
    fixture.close();
  }

  private void open() throws IOException {
    client.send(CONNECT);
    backend = new TestClient(home.accept());
    backend.read(PROXY_HEADER_BYTES);
    assertThat(backend.read(CONNECT.length)).isEqualTo(CONNECT);
  }

  @Test
  void bytes_go_both_ways_behind_a_proxy_header() throws IOException {
    client.send(join(CONNECT, PUBLISH));
    Socket relayed = home.accept();
    assertThat(relayed.getInetAddress().getHostAddress()).isEqualTo(FrontendFixture.RELAYS_FROM);
    backend = new TestClient(relayed);
    byte[] header = backend.read(PROXY_HEADER_BYTES);
    assertThat(Arrays.copyOf(header, 16))
        .isEqualTo(Packets.hex("0d0a0d0a000d0a515549540a 21 11 000c"));
    assertThat(Arrays.copyOfRange(header, 16, 24)).isEqualTo(Packets.hex("7f000001 7f000001"));
    assertThat(((header[24] & 0xff) << 8) | (header[25] & 0xff)).isEqualTo(client.localPort());
    assertThat(backend.read(CONNECT.length + PUBLISH.length)).isEqualTo(join(CONNECT, PUBLISH));
    backend.send(PUBLISH);
    assertThat(client.read(PUBLISH.length)).isEqualTo(PUBLISH);
    assertThat(fixture.counted("relayed")).isOne();
    assertThat(fixture.handedOver).isEmpty();
    await().until(() -> relayedBytes("home") == CONNECT.length + PUBLISH.length);
    await().until(() -> relayedBytes("client") == PUBLISH.length);
  }

  @Test
  void a_slow_home_slows_the_client_down() throws Exception {
    open();
    transfersSlowly(client, backend);
  }

  @Test
  void a_slow_client_slows_its_home_down() throws Exception {
    open();
    transfersSlowly(backend, client);
  }

  private void transfersSlowly(TestClient from, TestClient to) throws Exception {
    byte[] data = new byte[10 * 1024 * 1024];
    new Random(7).nextBytes(data);
    CompletableFuture<Void> sent =
        CompletableFuture.runAsync(
            () -> {
              try {
                from.send(data);
              } catch (IOException e) {
                throw new AssertionError(e);
              }
            });
    await().until(() -> fixture.gauge("relay.queued.bytes") >= QUEUE_BYTES_MAX / 2);
    byte[] received = new byte[data.length];
    for (int at = 0; at < data.length; at += 256 * 1024) {
      System.arraycopy(to.read(256 * 1024), 0, received, at, 256 * 1024);
      assertThat(fixture.gauge("relay.queued.bytes")).isLessThan(QUEUE_BYTES_CEILING);
    }
    sent.join();
    assertThat(Arrays.equals(received, data)).isTrue();
  }

  @Test
  void the_fin_of_the_client_goes_to_its_home_and_answers_come_back() throws IOException {
    open();
    client.send(DISCONNECT);
    client.sendFin();
    assertThat(backend.read(DISCONNECT.length)).isEqualTo(DISCONNECT);
    assertThat(backend.readToEnd()).isTrue();
    backend.send(PUBLISH);
    backend.close();
    assertThat(client.read(PUBLISH.length)).isEqualTo(PUBLISH);
    assertThat(client.readToEnd()).isTrue();
  }

  @Test
  void the_fin_of_the_home_goes_to_the_client_behind_the_last_bytes() throws IOException {
    open();
    backend.send(PUBLISH);
    backend.sendFin();
    assertThat(client.read(PUBLISH.length)).isEqualTo(PUBLISH);
    assertThat(client.readToEnd()).isTrue();
    client.close();
    backend.readToEnd();
  }

  /**
   * Issue 7, item 1. The kind: a home that evicts a client waits for what that one said last, and
   * so for the end of what the relay holds; but not for a client that stays silent.
   */
  @Test
  void the_fin_of_the_home_is_answered_while_its_client_is_silent() throws IOException {
    open();
    backend.send(PUBLISH);
    backend.sendFin();
    assertThat(backend.readToEnd()).isTrue();
    assertThat(client.read(PUBLISH.length)).isEqualTo(PUBLISH);
    assertThat(client.readToEnd()).isTrue();
    client.send(DISCONNECT); // is nobody's any more, and resets nothing
    fixture.keepBusy(() -> null);
    assertThat(fixture.gauge("relays")).isOne();
  }

  /** The same: more than one read lies in the client's socket when the home ends. */
  @Test
  void what_a_client_has_sent_by_the_fin_of_its_home_comes_before_the_answer() throws Exception {
    open();
    byte[] data = new byte[QUEUE_BYTES_MAX / 2];
    new Random(8).nextBytes(data);
    CountDownLatch goOn = new CountDownLatch(1);
    fixture.keepBusy(
        () -> {
          goOn.await();
          return null;
        });
    client.send(data, DISCONNECT);
    backend.sendFin();
    goOn.countDown();
    assertThat(backend.read(data.length)).isEqualTo(data);
    assertThat(backend.read(DISCONNECT.length)).isEqualTo(DISCONNECT);
    assertThat(backend.readToEnd()).isTrue();
    assertThat(client.readToEnd()).isTrue();
  }

  /** The same, of more than the home's queue has room for. */
  @Test
  void what_waits_for_room_in_the_homes_queue_comes_before_the_answer() throws Exception {
    open();
    byte[] data = new byte[10 * 1024 * 1024];
    CompletableFuture<Void> sent =
        CompletableFuture.runAsync(
            () -> {
              try {
                client.send(data);
              } catch (IOException e) {
                throw new AssertionError(e);
              }
            });
    await().until(() -> fixture.gauge("relay.queued.bytes") >= QUEUE_BYTES_MAX / 2);
    double passedOn = relayedBytes("home") - CONNECT.length;
    backend.sendFin();
    assertThat(backend.read((int) passedOn)).hasSize((int) passedOn);
    assertThat(backend.readToEnd()).isTrue();
    sent.join();
  }

  @Test
  void connect_publish_and_fin_at_once_reach_the_home() throws IOException {
    byte[] all = join(CONNECT, PUBLISH, DISCONNECT);
    client.send(all);
    client.sendFin();
    backend = new TestClient(home.accept());
    backend.read(PROXY_HEADER_BYTES);
    assertThat(backend.read(all.length)).isEqualTo(all);
    assertThat(backend.readToEnd()).isTrue();
  }

  @Test
  void the_reset_of_one_side_closes_the_other() throws IOException {
    open();
    client.sendReset();
    backend.readToEnd();
  }

  @Test
  void the_reset_of_the_home_closes_the_client() throws IOException {
    open();
    backend.sendReset();
    client.readToEnd();
  }

  @Test
  void the_relays_of_a_node_that_left_are_closed() throws IOException {
    open();
    fixture.frontend.nodeLeft("c");
    client.send(PUBLISH);
    assertThat(backend.read(PUBLISH.length)).isEqualTo(PUBLISH);
    fixture.frontend.nodeLeft("b");
    assertThat(client.readToEnd()).isTrue();
    backend.readToEnd();
  }

  private double relayedBytes(String to) {
    return fixture.registry.get("limpet.frontend.relayed.bytes").tag("to", to).counter().count();
  }
}
