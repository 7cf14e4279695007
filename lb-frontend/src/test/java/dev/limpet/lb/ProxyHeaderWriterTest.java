package dev.limpet.lb;

import static dev.limpet.lb.Packets.hex;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.haproxy.HAProxyCommand;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.handler.codec.haproxy.HAProxyMessageDecoder;
import io.netty.handler.codec.haproxy.HAProxyProxiedProtocol;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ProxyHeaderWriterTest {

  private static final SocketAddress V4_CLIENT = address(40_000, "192.0.2.7");
  private static final SocketAddress V4_LISTENER = address(1883, "198.51.100.1");
  private static final SocketAddress V6_CLIENT = address(50_000, "2001:db8::7");
  private static final SocketAddress V6_LISTENER = address(1883, "2001:db8::1");

  @Test
  void the_name_of_a_verified_certificate_goes_along() {
    assertThat(ByteBufUtil.getBytes(encode(V4_CLIENT, V4_LISTENER, "alice", null)))
        .isEqualTo(
            hex(
                "0d0a0d0a000d0a515549540a 21 11 001c c0000207 c6336401 9c40 075b"
                    + "20 000d 07 00000000 22 0005 616c696365"));
  }

  @Test
  void the_guards_of_the_listener_go_along() {
    assertThat(ByteBufUtil.getBytes(encode(V4_CLIENT, V4_LISTENER, null, "g1")))
        .isEqualTo(
            hex(
                "0d0a0d0a000d0a515549540a 21 11 0011 c0000207 c6336401 9c40 075b"
                    + "e0 0002 6731"));
  }

  private static ByteBuf encode(
      SocketAddress client,
      SocketAddress listener,
      @Nullable String certificateName,
      @Nullable String guardsName) {
    Channel unused = null;
    return ProxyHeaderWriter.encode(
        new FrontendSocket(unused, client, true, certificateName, guardsName, null, () -> {}),
        listener);
  }

  @Test
  void ipv4_makes_28_bytes() {
    assertThat(ByteBufUtil.getBytes(encode(V4_CLIENT, V4_LISTENER, null, null)))
        .isEqualTo(hex("0d0a0d0a000d0a515549540a 21 11 000c c0000207 c6336401 9c40 075b"));
  }

  @Test
  void ipv6_makes_52_bytes_that_a_decoder_understands() {
    assertThat(encode(V6_CLIENT, V6_LISTENER, null, null).readableBytes()).isEqualTo(52);
    HAProxyMessage decoded = decode(V6_CLIENT, V6_LISTENER);
    assertThat(decoded.command()).isEqualTo(HAProxyCommand.PROXY);
    assertThat(decoded.proxiedProtocol()).isEqualTo(HAProxyProxiedProtocol.TCP6);
    assertThat(decoded.sourceAddress()).isEqualTo("2001:db8:0:0:0:0:0:7");
    assertThat(decoded.sourcePort()).isEqualTo(50_000);
    assertThat(decoded.destinationAddress()).isEqualTo("2001:db8:0:0:0:0:0:1");
    assertThat(decoded.destinationPort()).isEqualTo(1883);
  }

  @Test
  void mixed_families_are_sent_as_ipv6() {
    HAProxyMessage decoded = decode(V4_CLIENT, V6_LISTENER);
    assertThat(decoded.proxiedProtocol()).isEqualTo(HAProxyProxiedProtocol.TCP6);
    assertThat(decoded.sourcePort()).isEqualTo(40_000);
    assertThat(ByteBufUtil.hexDump(encode(V4_CLIENT, V6_LISTENER, null, null)))
        .contains("00000000000000000000ffffc0000207");
  }

  @Test
  void addresses_that_are_not_ip_are_sent_as_unspecified() {
    SocketAddress unix = SocketAddress.domainSocketAddress("/run/limpet.sock");
    for (HAProxyMessage decoded :
        new HAProxyMessage[] {
          decode(unix, V4_LISTENER), decode(V4_CLIENT, unix), decode(null, V4_LISTENER)
        }) {
      assertThat(decoded.proxiedProtocol()).isEqualTo(HAProxyProxiedProtocol.UNKNOWN);
      assertThat(decoded.sourceAddress()).isNull();
    }
  }

  @Test
  void the_home_sees_the_real_address_of_the_client() throws Exception {
    try (FrontendFixture fixture = FrontendFixture.start()) {
      CompletableFuture<SocketAddress> seen = new CompletableFuture<>();
      CompletableFuture<Buffer> read = new CompletableFuture<>();
      listenWithProxyProtocol(fixture, seen, read);
      byte[] packet = Packets.connect311("far");
      try (TestClient client = fixture.client().send(packet)) {
        assertThat(read.get(60, TimeUnit.SECONDS).getBytes()).isEqualTo(packet);
        assertThat(seen.get(60, TimeUnit.SECONDS).port()).isEqualTo(client.localPort());
        assertThat(seen.get().hostAddress()).isEqualTo("127.0.0.1");
      }
    }
  }

  @Test
  void an_address_that_is_known_from_a_balancer_is_passed_on() throws Exception {
    try (FrontendFixture fixture = FrontendFixture.start()) {
      fixture.claimed = V4_CLIENT;
      CompletableFuture<SocketAddress> seen = new CompletableFuture<>();
      CompletableFuture<Buffer> read = new CompletableFuture<>();
      listenWithProxyProtocol(fixture, seen, read);
      try (TestClient client = fixture.client().send(Packets.connect311("far"))) {
        assertThat(seen.get(30, TimeUnit.SECONDS)).isEqualTo(V4_CLIENT);
        assertThat(client.localPort()).isNotEqualTo(V4_CLIENT.port());
      }
    }
  }

  private static void listenWithProxyProtocol(
      FrontendFixture fixture,
      CompletableFuture<SocketAddress> seen,
      CompletableFuture<Buffer> read)
      throws IOException {
    Vertx vertx = fixture.vertx;
    NetServer home =
        vertx
            .createNetServer(new NetServerOptions().setUseProxyProtocol(true).setHost("127.0.0.1"))
            .connectHandler(
                socket -> {
                  seen.complete(socket.remoteAddress());
                  socket.handler(read::complete);
                });
    FrontendFixture.await(home.listen(0));
    fixture.homes.put("far", FrontendFixture.remote("b", home.actualPort()));
  }

  private static HAProxyMessage decode(SocketAddress client, SocketAddress listener) {
    EmbeddedChannel channel = new EmbeddedChannel(new HAProxyMessageDecoder());
    channel.writeInbound(encode(client, listener, null, null));
    return channel.readInbound();
  }

  private static SocketAddress address(int port, String host) {
    return SocketAddress.inetSocketAddress(port, host);
  }
}
