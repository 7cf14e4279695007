package dev.limpet.broker.listener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.limpet.broker.connection.listener.Cidr;
import dev.limpet.broker.connection.listener.ListenerOptions;
import dev.limpet.broker.connection.listener.ProxyOptions;
import dev.limpet.broker.connection.listener.WebSocketOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Issue 7, item 15. The kind: sockets that never send CONNECT keep out those that do, at whatever
 * stage before CONNECT they stop: plain, within a PROXY header, a WebSocket handshake or a CONNECT.
 */
class SilentSocketsTest {
  private static final byte[] CONNECT = {
    0x10, 0x0D, 0, 4, 'M', 'Q', 'T', 'T', 4, 2, 0, 0, 0, 1, 'p'
  };
  private static final byte[] CONNACK = {0x20, 2, 0, 0};
  private static final int MAX = 20;
  private static final String NOWHERE = "127.0.0.3";

  private final ListenerFixture fixture = new ListenerFixture();
  private final List<Socket> silent = new ArrayList<>();

  @AfterEach
  void close() throws IOException {
    for (Socket each : silent) {
      each.close();
    }
    fixture.close();
  }

  private static ListenerOptions plain(int connectionsMax) {
    return ListenerOptions.tcp(ListenerFixture.NAME)
        .withLimits(new ListenerOptions.Limits(connectionsMax, 0, 600_000, MAX, MAX));
  }

  private void flood(int port, byte[] begun) throws IOException {
    for (int i = 0; i < 3 * MAX; i++) {
      Socket socket = from(NOWHERE, port);
      socket.getOutputStream().write(begun);
      silent.add(socket);
    }
  }

  private static Socket from(String address, int port) throws IOException {
    Socket socket =
        new Socket(InetAddress.getByName("127.0.0.1"), port, InetAddress.getByName(address), 0);
    socket.setSoTimeout(60_000);
    return socket;
  }

  private static void expectLetIn(int port, byte[]... parts) throws IOException {
    try (Socket socket = from("127.0.0.2", port)) {
      for (byte[] part : parts) {
        socket.getOutputStream().write(part);
      }
      assertThat(RawSocket.read(socket, CONNACK.length)).isEqualTo(CONNACK);
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** The first of them have been closed, and no more than the bound wait. */
  private void expectOldestClosed() throws IOException {
    assertThat(RawSocket.readToEnd(silent.get(0))).isEmpty();
    await().until(() -> fixture.waiting() <= MAX);
    assertThat(fixture.refused("handshakes_max")).isGreaterThanOrEqualTo(2.0 * MAX);
    assertThat(fixture.refused("closed_early")).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 9, 14})
  void the_oldest_of_those_who_do_not_send_connect_go(int bytes) throws IOException {
    int port = fixture.open(plain(1_000));
    flood(port, Arrays.copyOf(CONNECT, bytes));
    expectLetIn(port, CONNECT);
    expectOldestClosed();
  }

  @Test
  void the_oldest_of_those_who_do_not_open_their_web_socket_go() throws IOException {
    int port = fixture.open(plain(1_000).withWebSocket(new WebSocketOptions("/mqtt", 1_000)));
    flood(port, bytes("GET /mqtt HTTP/1.1\r\n"));
    try (WebSocketClient client = WebSocketClient.open(port)) {
      client.send(WebSocketClient.encode(WebSocketClient.FIN | WebSocketClient.BINARY, CONNECT));
      assertThat(client.next().payload()).isEqualTo(CONNACK);
    }
    expectOldestClosed();
  }

  @Test
  void the_real_address_behind_a_proxy_is_the_one_that_counts() throws IOException {
    int port =
        fixture.open(plain(1_000).withProxy(new ProxyOptions(Cidr.parse("127.0.0.0/8"), false)));
    expectLetIn(port, bytes("PROXY TCP4 192.0.2.8 192.0.2.9 5000 1883\r\n"), CONNECT);
    flood(port, bytes("PROXY TCP4 192.0.2.7 192.0.2.9 5000 1883\r\n"));
    expectLetIn(port, bytes("PROXY TCP4 192.0.2.8 192.0.2.9 5000 1883\r\n"), CONNECT);
    expectOldestClosed();
  }

  @Test
  void connected_clients_do_not_count_and_stay() throws IOException {
    int port = fixture.open(plain(1_000));
    try (Socket connected = from(NOWHERE, port)) {
      connected.getOutputStream().write(CONNECT);
      assertThat(RawSocket.read(connected, CONNACK.length)).isEqualTo(CONNACK);
      flood(port, new byte[0]);
      expectOldestClosed();
      connected.getOutputStream().write(new byte[] {(byte) 0xC0, 0});
      assertThat(RawSocket.read(connected, 2)).isEqualTo(new byte[] {(byte) 0xD0, 0});
    }
  }

  /** The other bound that silent sockets can fill: all connections of the listener. */
  @Test
  void silent_sockets_do_not_use_up_the_connections_of_a_listener() throws IOException {
    int port = fixture.open(plain(5));
    for (int i = 0; i < 5; i++) {
      silent.add(from(NOWHERE, port));
    }
    await().until(() -> fixture.waiting() == 5);
    // Refused with a reset until they have been silent for a second.
    await()
        .ignoreExceptionsInstanceOf(SocketException.class)
        .untilAsserted(() -> expectLetIn(port, CONNECT));
    assertThat(fixture.refused("handshakes_max")).isOne();
  }
}
