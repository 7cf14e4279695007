package dev.limpet.lb;

import static dev.limpet.lb.Packets.DISCONNECT;
import static dev.limpet.lb.Packets.PUBLISH;
import static dev.limpet.lb.Packets.SUBSCRIBE;
import static dev.limpet.lb.Packets.connect;
import static dev.limpet.lb.Packets.hex;
import static dev.limpet.lb.Packets.join;
import static dev.limpet.lb.Packets.string;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

@ParameterizedClass(name = "native transport: {0}")
@ValueSource(booleans = {true, false})
class LocalHandoverTest {

  private static final byte[] CONNECT = Packets.connect5("limpet", Packets.userProperty(500));

  @Parameter boolean nativeTransport;

  private FrontendFixture fixture;

  @BeforeEach
  void start() {
    fixture = FrontendFixture.start(nativeTransport, options -> options);
  }

  @AfterEach
  void stop() {
    fixture.close();
  }

  @Test
  void the_broker_reads_a_connect_that_came_whole() throws IOException {
    try (TestClient client = fixture.client()) {
      client.send(CONNECT);
      assertThat(client.read(CONNECT.length)).isEqualTo(CONNECT);
    }
    assertThat(fixture.asked).containsExactly("limpet");
    assertThat(fixture.counted("local")).isOne();
  }

  @Test
  void the_broker_reads_a_connect_that_came_byte_by_byte() throws IOException {
    try (TestClient client = fixture.client()) {
      client.sendByteByByte(CONNECT);
      assertThat(client.read(CONNECT.length)).isEqualTo(CONNECT);
      client.send(PUBLISH);
      assertThat(client.read(PUBLISH.length)).isEqualTo(PUBLISH);
    }
    assertThat(fixture.asked).containsExactly("limpet");
  }

  @Test
  void the_broker_reads_what_was_pipelined_behind_connect() throws IOException {
    byte[] all = join(CONNECT, SUBSCRIBE, PUBLISH, DISCONNECT);
    try (TestClient client = fixture.client()) {
      client.send(all);
      assertThat(client.read(all.length)).isEqualTo(all);
    }
  }

  @Test
  void the_decision_does_not_wait_for_the_will() throws IOException {
    byte[] packet = Packets.connect311WithWill("limpet", "w".repeat(30_000));
    byte[] start = java.util.Arrays.copyOf(packet, 40);
    try (TestClient client = fixture.client()) {
      client.send(start);
      assertThat(client.read(start.length)).isEqualTo(start);
    }
  }

  @Test
  void a_client_without_an_id_is_served_where_it_landed() throws IOException {
    byte[] packet = Packets.connect311("");
    try (TestClient client = fixture.client()) {
      client.send(packet);
      assertThat(client.read(packet.length)).isEqualTo(packet);
    }
    assertThat(fixture.asked).isEmpty();
  }

  @Test
  void the_broker_answers_an_unsupported_protocol_level() throws IOException {
    byte[] packet = connect(join(hex("0004 4d515454 09 02 003c"), string("limpet")));
    try (TestClient client = fixture.client()) {
      client.send(packet);
      assertThat(client.read(packet.length)).isEqualTo(packet);
    }
    assertThat(fixture.asked).isEmpty();
  }

  @Test
  void connect_publish_and_fin_at_once_are_all_delivered() throws IOException {
    ByteBuf received = Unpooled.buffer();
    fixture.broker =
        socket ->
            socket
                .pipeline()
                .addLast(
                    new SimpleChannelInboundHandler<ByteBuf>() {
                      @Override
                      protected void channelRead0(ChannelHandlerContext ctx, ByteBuf bytes) {
                        received.writeBytes(bytes);
                      }
                    });
    byte[] all = join(CONNECT, PUBLISH, DISCONNECT);
    try (TestClient client = fixture.client()) {
      client.send(all);
      client.sendFin();
      client.readToEnd();
    }
    assertThat(ByteBufUtil.getBytes(received)).isEqualTo(all);
    await().until(() -> fixture.gauge("connections.open") == 0);
  }

  @Test
  void a_receiver_that_allows_it_reads_to_the_fin_and_closes_itself() throws IOException {
    fixture.broker =
        socket -> {
          socket.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
          socket.pipeline().addLast(new EchoBehindFin());
        };
    byte[] all = join(CONNECT, PUBLISH, DISCONNECT);
    try (TestClient client = fixture.client()) {
      client.send(all);
      client.sendFin();
      assertThat(client.read(all.length)).isEqualTo(all);
      client.readToEnd();
    }
  }

  /** Answers nothing before it has heard of FIN. */
  private static final class EchoBehindFin extends ChannelInboundHandlerAdapter {
    private final ByteBuf received = Unpooled.buffer();

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      received.writeBytes((ByteBuf) message);
      ReferenceCountUtil.release(message);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
      if (event instanceof ChannelInputShutdownEvent) {
        ctx.writeAndFlush(received).addListener(ChannelFutureListener.CLOSE);
      }
    }
  }

  @Test
  void an_exception_of_the_receiver_closes_the_socket() throws IOException {
    fixture.broker =
        socket -> {
          throw new IllegalStateException("no room (expected in this test)");
        };
    try (TestClient client = fixture.client()) {
      client.send(CONNECT);
      client.readToEnd();
    }
    assertThat(fixture.rejected(RejectReason.HANDOVER_FAILED)).isOne();
    await().until(() -> fixture.gauge("connections.open") == 0);
  }

  @Test
  void handshakes_are_over_when_the_broker_has_the_socket() throws IOException {
    try (TestClient client = fixture.client()) {
      client.send(CONNECT);
      client.read(CONNECT.length);
      assertThat(fixture.gauge("handshakes")).isZero();
      assertThat(fixture.gauge("handshake.bytes")).isZero();
      assertThat(fixture.gauge("connections.open")).isOne();
    }
    await().until(() -> fixture.gauge("connections.open") == 0);
  }
}
