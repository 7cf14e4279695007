package dev.limpet.broker.connection.listener;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Issue 7, item 7. The kind: a client that takes one packet from a frame, however the packets were
 * gathered or cut on their way here.
 */
class PacketFramesTest {
  private static final ByteBufAllocator ALLOCATOR = UnpooledByteBufAllocator.DEFAULT;

  /** A packet whose body has this length. */
  private static byte[] packet(int firstByte, int bodyBytes) {
    ByteBuf packet = Unpooled.buffer();
    packet.writeByte(firstByte);
    int rest = bodyBytes;
    do {
      packet.writeByte(rest < 0x80 ? rest : rest & 0x7F | 0x80);
      rest >>>= 7;
    } while (rest > 0);
    for (int i = 0; i < bodyBytes; i++) {
      packet.writeByte(0x80 + i); // such as length bytes, to whoever loses count
    }
    return ByteBufUtil.getBytes(packet);
  }

  /** The payloads of all frames, each of which has to be final, binary and whole. */
  private static List<byte[]> payloads(ByteBuf frames) {
    List<byte[]> payloads = new ArrayList<>();
    while (frames.isReadable()) {
      assertThat(frames.readUnsignedByte()).isEqualTo((short) 0x82);
      long length = frames.readUnsignedByte();
      if (length == 126) {
        length = frames.readUnsignedShort();
        assertThat(length).isGreaterThan(125);
      } else if (length == 127) {
        length = frames.readLong();
        assertThat(length).isGreaterThan(0xFFFF);
      }
      byte[] payload = new byte[(int) length];
      frames.readBytes(payload);
      payloads.add(payload);
    }
    return payloads;
  }

  @Test
  void each_packet_has_a_frame_of_its_own_however_the_stream_is_cut() {
    Random random = new Random(7);
    for (int round = 0; round < 200; round++) {
      List<byte[]> packets = new ArrayList<>();
      ByteBuf stream = Unpooled.buffer();
      for (int i = 0; i < 8; i++) {
        int[] sizes = {
          0, 2, 121, 122, 127, 128, 16_383, 16_384, 65_532, 65_533, random.nextInt(300)
        };
        byte[] packet = packet(random.nextInt(256), sizes[random.nextInt(sizes.length)]);
        packets.add(packet);
        stream.writeBytes(packet);
      }
      PacketFrames frames = new PacketFrames();
      ByteBuf out = Unpooled.buffer();
      while (stream.isReadable()) {
        int most = random.nextBoolean() ? 4 : 100_000;
        int next = Math.min(stream.readableBytes(), 1 + random.nextInt(most));
        out.writeBytes(frames.frame(ALLOCATOR, stream.readSlice(next)));
      }
      List<byte[]> payloads = payloads(out);
      assertThat(payloads).hasSameSizeAs(packets);
      for (int i = 0; i < packets.size(); i++) {
        assertThat(Arrays.equals(payloads.get(i), packets.get(i))).as("packet %s", i).isTrue();
      }
      assertThat(frames.isInside()).isFalse();
    }
  }

  @Test
  void what_has_no_length_goes_on() {
    PacketFrames frames = new PacketFrames();
    ByteBuf out =
        frames.frame(ALLOCATOR, Unpooled.wrappedBuffer(new byte[] {1, -1, -1, -1, -1, 7}));
    assertThat(payloads(out).get(0)).containsExactly(1, -1, -1, -1, -1);
  }

  private static EmbeddedChannel channel() {
    return new EmbeddedChannel(new WebSocketFrames());
  }

  private static ByteBuf buffer(byte[]... packets) {
    return Unpooled.wrappedBuffer(packets);
  }

  @Test
  void several_packets_of_one_write_are_one_write() {
    EmbeddedChannel channel = channel();
    byte[] publish = packet(0x32, 10);
    byte[] puback = packet(0x40, 2);
    ByteBuf written = buffer(publish, puback);
    channel.writeOutbound(written);
    assertThat(payloads(channel.readOutbound())).containsExactly(publish, puback);
    assertThat((Object) channel.readOutbound()).isNull();
    assertThat(written.refCnt()).isZero();
  }

  @Test
  void a_ping_is_answered_behind_the_frame_that_has_begun() {
    EmbeddedChannel channel = channel();
    byte[] publish = packet(0x30, 1_000);
    ByteBuf stream = buffer(publish);
    channel.writeOutbound(stream.readRetainedSlice(10));
    channel.writeInbound(new PingWebSocketFrame(Unpooled.wrappedBuffer(new byte[] {1})));
    channel.writeInbound(new PingWebSocketFrame(Unpooled.wrappedBuffer(new byte[] {2})));
    channel.writeOutbound(stream);
    ByteBuf first = channel.readOutbound();
    ByteBuf second = channel.readOutbound();
    assertThat(payloads(Unpooled.wrappedBuffer(first, second))).containsExactly(publish);
    PongWebSocketFrame pong = channel.readOutbound();
    assertThat(pong.content().readByte()).isEqualTo((byte) 2);
    assertThat((Object) channel.readOutbound()).isNull();
  }

  @Test
  void a_connection_that_ends_inside_a_frame_ends_without_a_close_frame() {
    for (boolean byClient : new boolean[] {true, false}) {
      EmbeddedChannel channel = channel();
      channel.writeOutbound(buffer(packet(0x30, 1_000)).slice(0, 10));
      if (byClient) {
        channel.writeInbound(new CloseWebSocketFrame());
      } else {
        channel.close();
      }
      assertThat((Object) channel.readOutbound()).isInstanceOf(ByteBuf.class);
      assertThat((Object) channel.readOutbound()).isNull();
      assertThat(channel.isOpen()).isFalse();
    }
  }
}
