package dev.limpet.lb;

import static dev.limpet.lb.Packets.connect;
import static dev.limpet.lb.Packets.hex;
import static dev.limpet.lb.Packets.join;
import static dev.limpet.lb.Packets.string;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ConnectPrefixTest {

  static Stream<Arguments> packetsWithClientId() {
    String longId = "x".repeat(65_535);
    return Stream.of(
        Arguments.of("3.1", Packets.connect31("limpet"), "limpet"),
        Arguments.of("3.1.1", Packets.connect311("limpet"), "limpet"),
        Arguments.of("with will", Packets.connect311WithWill("limpet", "gone"), "limpet"),
        Arguments.of("not ASCII", Packets.connect311("Napfschnecke-ü-🐚"), "Napfschnecke-ü-🐚"),
        Arguments.of("5, no properties", Packets.connect5("limpet", new byte[0]), "limpet"),
        // Issue 7, item 9: bridges set a bit of the level, and have a home like others.
        Arguments.of(
            "bridge", connect(join(hex("0004 4d515454 84 02 003c"), string("limpet"))), "limpet"),
        Arguments.of(
            "bridge of 3.1",
            connect(join(hex("0006 4d5149736470 83 02 003c"), string("limpet"))),
            "limpet"),
        Arguments.of("5, expiry", Packets.connect5("limpet", hex("11 00000e10")), "limpet"),
        Arguments.of(
            "5, two-byte property length",
            Packets.connect5("limpet", Packets.userProperty(300)),
            "limpet"),
        Arguments.of("longest id", Packets.connect311(longId), longId));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("packetsWithClientId")
  void the_client_id_is_found_as_soon_as_it_is_complete(String name, byte[] packet, String id) {
    int complete = indexOf(packet, string(id)) + string(id).length;
    assertThat(parse(packet, complete)).isEqualTo(new ConnectPrefix.Identified(id));
    assertThat(parse(packet, packet.length)).isEqualTo(new ConnectPrefix.Identified(id));
    // Of the longest packet the interesting positions only.
    for (int length = 0; length < complete; length += length < 1000 ? 1 : 997) {
      assertThat(parse(packet, length))
          .as("%d of %d bytes", length, complete)
          .isInstanceOfSatisfying(
              ConnectPrefix.Incomplete.class, more -> assertThat(more.bytesMin()).isPositive());
    }
  }

  static Stream<Arguments> packetsForTheBroker() {
    byte[] v311 = hex("0004 4d515454 04 02 003c");
    byte[] v5 = hex("0004 4d515454 05 02 003c");
    return Stream.of(
        Arguments.of("empty id", Packets.connect311("")),
        Arguments.of("empty id of 5", Packets.connect5("", new byte[0])),
        Arguments.of("level 6", connect(join(hex("0004 4d515454 06 02 003c"), string("a")))),
        Arguments.of("bridge of 5", connect(join(hex("0004 4d515454 85 02 003c"), string("a")))),
        Arguments.of("MQTT level 3", connect(join(hex("0004 4d515454 03 02 003c"), string("a")))),
        Arguments.of("MQIsdp 4", connect(join(hex("0006 4d5149736470 04 02 003c"), string("a")))),
        Arguments.of("overlong UTF-8", connect(join(v311, hex("0002 c080")))),
        Arguments.of("surrogate", connect(join(v311, hex("0003 eda080")))),
        Arguments.of("truncated UTF-8", connect(join(v311, hex("0001 c3")))),
        Arguments.of("U+0000", connect(join(v311, hex("0003 610062")))),
        Arguments.of("no level", connect(hex("0004 4d515454"))),
        Arguments.of("no keep alive", connect(hex("0004 4d515454 04 02"))),
        Arguments.of("no client id", connect(v311)),
        Arguments.of("half a length", connect(join(v311, hex("00")))),
        Arguments.of("id too long", connect(join(v311, hex("0002 61")))),
        Arguments.of("endless property length", connect(join(v5, hex("ffffffff01")))),
        Arguments.of("no property length", connect(v5)),
        Arguments.of("properties too long", connect(join(v5, hex("7f"), string("a")))));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("packetsForTheBroker")
  void a_connect_to_be_refused_or_named_is_left_to_the_broker(String name, byte[] packet) {
    assertThat(parse(packet, packet.length)).isInstanceOf(ConnectPrefix.LeftToBroker.class);
  }

  static Stream<Arguments> foreignBytes() {
    return Stream.of(
        Arguments.of("PUBLISH first", Packets.PUBLISH, RejectReason.NOT_CONNECT),
        Arguments.of("reserved flags", hex("11 0a"), RejectReason.NOT_CONNECT),
        Arguments.of("TLS", hex("16 03 01"), RejectReason.NOT_CONNECT),
        Arguments.of("HTTP", "GET / HTTP/1.1".getBytes(UTF_8), RejectReason.NOT_CONNECT),
        Arguments.of("5-byte length", hex("10 ffffffff"), RejectReason.REMAINING_LENGTH),
        Arguments.of("other name", hex("10 10 0004 4d515458"), RejectReason.PROTOCOL_NAME),
        Arguments.of("odd first byte", hex("10 10 01"), RejectReason.PROTOCOL_NAME),
        Arguments.of("name of five", hex("10 10 0005"), RejectReason.PROTOCOL_NAME),
        Arguments.of("MQIsdx", hex("10 10 0006 4d5149736478"), RejectReason.PROTOCOL_NAME),
        Arguments.of("empty packet", hex("10 00"), RejectReason.PROTOCOL_NAME));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("foreignBytes")
  void what_is_not_connect_is_rejected(String name, byte[] bytes, RejectReason reason) {
    assertThat(parse(bytes, bytes.length)).isEqualTo(new ConnectPrefix.Rejected(reason));
  }

  @Test
  void announced_lengths_are_reported_and_nothing_else() {
    byte[] start = join(hex("10 ffffff7f 0004 4d515454 05 02 003c"), hex("e0ffff7f"));
    assertThat(parse(start, start.length))
        .isInstanceOfSatisfying(
            ConnectPrefix.Incomplete.class,
            more -> assertThat(more.bytesMin()).isGreaterThan(200_000_000));
  }

  @Test
  void the_buffer_is_left_as_it_was() {
    ByteBuf buffer = Unpooled.wrappedBuffer(join(hex("ffff"), Packets.connect311("limpet")));
    buffer.skipBytes(2);
    assertThat(ConnectPrefix.parse(buffer)).isEqualTo(new ConnectPrefix.Identified("limpet"));
    assertThat(buffer.readerIndex()).isEqualTo(2);
    assertThat(buffer.refCnt()).isOne();
  }

  @Test
  void damaged_packets_never_throw_and_never_get_stuck() {
    Random random = new Random(20_26);
    byte[] whole = Packets.connect5("limpet", Packets.userProperty(200));
    for (int i = 0; i < 20_000; i++) {
      byte[] damaged = Arrays.copyOf(whole, 1 + random.nextInt(whole.length));
      for (int hits = random.nextInt(4); hits >= 0; hits--) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
      }
      ConnectPrefix.Result result = parse(damaged, damaged.length);
      if (result instanceof ConnectPrefix.Incomplete more) {
        assertThat(more.bytesMin()).as("attempt %d", i).isGreaterThan(damaged.length);
      }
    }
  }

  private static ConnectPrefix.Result parse(byte[] bytes, int length) {
    return ConnectPrefix.parse(Unpooled.wrappedBuffer(bytes, 0, length));
  }

  private static int indexOf(byte[] bytes, byte[] part) {
    for (int i = 0; i + part.length <= bytes.length; i++) {
      if (Arrays.equals(bytes, i, i + part.length, part, 0, part.length)) {
        return i;
      }
    }
    throw new AssertionError("not found");
  }
}
