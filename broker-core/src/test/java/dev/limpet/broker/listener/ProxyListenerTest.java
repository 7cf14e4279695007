package dev.limpet.broker.listener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.limpet.broker.connection.listener.Cidr;
import dev.limpet.broker.connection.listener.ListenerGuards;
import dev.limpet.broker.connection.listener.ListenerOptions;
import dev.limpet.broker.connection.listener.ProxyOptions;
import dev.limpet.broker.spi.Authentication;
import dev.limpet.broker.spi.ClientIdentity;
import io.netty.buffer.ByteBufUtil;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ProxyListenerTest {
  private static final byte[] CONNECT = {
    0x10, 0x0D, 0, 4, 'M', 'Q', 'T', 'T', 4, 2, 0, 0, 0, 1, 'p'
  };
  private static final byte[] CONNACK = {0x20, 2, 0, 0};
  private static final byte[] V1 =
      "PROXY TCP4 192.0.2.7 192.0.2.8 5000 1883\r\n".getBytes(StandardCharsets.US_ASCII);
  private static final String V2 =
      "0d0a0d0a000d0a515549540a" + "2111" + "%s" + "c0000207" + "c0000208" + "1388" + "075b";
  private static final byte[] V2_PLAIN = hex(V2.formatted("000c"));

  /** With a verified certificate's name, "alice". */
  private static final byte[] V2_NAMED =
      hex(V2.formatted("001c") + "20000d" + "07" + "00000000" + "220005" + "616c696365");

  /** With the name of guards, two letters, to follow. */
  private static final String V2_GUARDS = V2.formatted("0011") + "e00002";

  private final ListenerFixture fixture = new ListenerFixture();

  @AfterEach
  void close() {
    fixture.close();
  }

  private static byte[] hex(String digits) {
    return ByteBufUtil.decodeHexDump(digits);
  }

  private int open(String trusted, boolean namesUser) {
    return fixture.open(
        ListenerOptions.tcp(ListenerFixture.NAME)
            .withProxy(new ProxyOptions(Cidr.parse(trusted), namesUser))
            .withLimits(new ListenerOptions.Limits(100, 0, 2_000)));
  }

  private static Socket connect(int port, byte[]... parts) throws IOException {
    Socket socket = new Socket("127.0.0.1", port);
    socket.setSoTimeout(60_000);
    for (byte[] part : parts) {
      socket.getOutputStream().write(part);
    }
    return socket;
  }

  private void expectLetIn(int port, byte[]... parts) throws IOException {
    try (Socket socket = connect(port, parts)) {
      assertThat(RawSocket.read(socket, CONNACK.length)).isEqualTo(CONNACK);
    }
  }

  private static void expectClosed(int port, byte[]... parts) throws IOException {
    try (Socket socket = connect(port, parts)) {
      assertThat(RawSocket.readToEnd(socket)).isEmpty();
    }
  }

  @Test
  void the_address_in_the_header_is_the_clients() throws IOException {
    int port = open("127.0.0.0/8", false);
    expectLetIn(port, V1, CONNECT);
    expectLetIn(port, V2_PLAIN, CONNECT);
    expectLetIn(port, io.vertx.core.buffer.Buffer.buffer(V1).appendBytes(CONNECT).getBytes());
    assertThat(fixture.seen)
        .hasSize(3)
        .allSatisfy(client -> assertThat(client.address()).isEqualTo("192.0.2.7:5000"));
  }

  @Test
  void a_name_in_the_header_counts_only_where_it_may() throws IOException {
    expectLetIn(open("127.0.0.1", false), V2_NAMED, CONNECT);
    expectLetIn(open("127.0.0.1/32", true), V2_NAMED, CONNECT);
    assertThat(fixture.seen).extracting(ClientIdentity::userName).containsExactly(null, "alice");
  }

  @Test
  void guards_named_in_the_header_count_only_where_they_may_and_are_known() throws IOException {
    ListenerGuards g1 =
        new ListenerGuards(
            "g1",
            (request, origin) ->
                CompletableFuture.completedFuture(Authentication.user("seen by g1")),
            null,
            null);
    byte[] known = hex(V2_GUARDS + "6731");
    byte[] unknown = hex(V2_GUARDS + "6732");
    int relay =
        fixture.open(
            ListenerOptions.tcp(ListenerFixture.NAME)
                .withProxy(
                    new ProxyOptions(
                        Cidr.parse("127.0.0.1"), false, name -> "g1".equals(name) ? g1 : null)));
    expectLetIn(relay, known, CONNECT);
    expectLetIn(relay, V2_PLAIN, CONNECT);
    expectClosed(relay, unknown, CONNECT);
    expectLetIn(open("127.0.0.1", false), unknown, CONNECT);
    assertThat(fixture.seen)
        .extracting(ClientIdentity::userName)
        .containsExactly("seen by g1", null, null);
    await().until(() -> fixture.refused("unknown_guards") == 1);
  }

  @Test
  void the_header_of_a_stranger_is_not_read() throws IOException {
    int port = open("10.0.0.0/8", false);
    expectClosed(port);
    await().until(() -> fixture.refused("untrusted_proxy") == 1);
  }

  @Test
  void an_absent_header_ends_the_connection() throws IOException {
    int port = open("127.0.0.1", false);
    expectClosed(port, CONNECT);
    expectClosed(port, "PROXX".getBytes(StandardCharsets.US_ASCII));
    await().until(() -> fixture.refused("proxy_header") == 2);
  }

  @Test
  void a_doubled_header_ends_the_connection() throws IOException {
    int port = open("127.0.0.1", false);
    expectClosed(port, V1, V1, CONNECT);
    expectClosed(port, V2_PLAIN, V2_PLAIN, CONNECT);
    expectClosed(port, V1, V2_PLAIN, CONNECT);
    assertThat(fixture.seen).isEmpty();
    await().until(() -> fixture.connections() == 0);
  }

  @Test
  void a_cut_header_ends_the_connection_in_time() throws IOException {
    int port = open("127.0.0.1", false);
    expectClosed(port, "PROXY TCP4 192.0.2.7 ".getBytes(StandardCharsets.US_ASCII));
    expectClosed(port, hex("0d0a0d0a000d0a515549540a2111000cc0"));
    await().until(() -> fixture.refused("timeout") == 2);
    try (Socket socket = connect(port, hex("0d0a0d0a"))) {
      socket.shutdownOutput();
      assertThat(RawSocket.readToEnd(socket)).isEmpty();
    }
    await().until(() -> fixture.connections() == 0);
  }

  @Test
  void connections_above_the_maximum_are_closed_at_once() throws IOException {
    int port =
        fixture.open(
            ListenerOptions.tcp(ListenerFixture.NAME)
                .withLimits(new ListenerOptions.Limits(2, 0, 500)));
    try (Socket first = connect(port, CONNECT);
        Socket second = connect(port)) {
      assertThat(RawSocket.read(first, CONNACK.length)).isEqualTo(CONNACK);
      await().until(() -> fixture.connections() == 2);
      expectClosed(port);
      await().until(() -> fixture.refused("connections_max") == 1);
      second.close();
      await().until(() -> fixture.connections() == 1);
      expectLetIn(port, CONNECT);
    }
  }

  @Test
  void connections_faster_than_the_rate_are_closed_at_once() throws IOException {
    int port =
        fixture.open(
            ListenerOptions.tcp(ListenerFixture.NAME)
                .withLimits(new ListenerOptions.Limits(100, 2, 500)));
    for (int i = 0; i < 50; i++) {
      connect(port).close();
    }
    await().until(() -> fixture.refused("connect_rate") >= 5);
  }
}
