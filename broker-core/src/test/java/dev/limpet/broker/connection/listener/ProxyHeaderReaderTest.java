package dev.limpet.broker.connection.listener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProxyHeaderReaderTest {
  private static final String V2 = "0d0a0d0a000d0a515549540a";
  private static final String IPV6 = "20010db8000000000000000000000001";

  private static ByteBuf line(String text) {
    return Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII);
  }

  private static ByteBuf hex(String digits) {
    return Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(digits));
  }

  @ParameterizedTest
  @CsvSource({
    "PROXY TCP4 1.2.3.4 5.6.7.8 65535 0, 1.2.3.4:65535",
    "PROXY TCP6 2001:db8::1 ::1 1 2, 2001:db8::1:1",
    "PROXY UNKNOWN, null",
    "PROXY UNKNOWN whatever it says, null"
  })
  void a_line_names_the_client(String text, String address) {
    ByteBuf in = line(text + "\r\n" + "rest");
    ProxyHeader header = ProxyHeaderReader.read(in);
    assertThat(header).isNotNull();
    assertThat(String.valueOf(header.source())).isEqualTo(address);
    assertThat(in.toString(StandardCharsets.US_ASCII)).isEqualTo("rest");
  }

  @ParameterizedTest
  @CsvSource({
    "2111000c0102030405060708ffff0000, 1.2.3.4:65535",
    "2111000f0102030405060708ffff0000040000, 1.2.3.4:65535",
    "2000000c0102030405060708ffff0000, null",
    "20000000, null",
    "21000000, null"
  })
  void a_binary_header_names_the_client(String digits, String address) {
    ByteBuf in = hex(V2 + digits + "10");
    ProxyHeader header = ProxyHeaderReader.read(in);
    assertThat(header).isNotNull();
    assertThat(String.valueOf(header.source())).isEqualTo(address);
    assertThat(in.readableBytes()).isEqualTo(1);
  }

  @Test
  void a_binary_header_of_ipv6_names_the_client() {
    ProxyHeader header = ProxyHeaderReader.read(hex(V2 + "21210024" + IPV6 + IPV6 + "00010002"));
    assertThat(header).isNotNull();
    assertThat(header.source()).isNotNull();
    assertThat(header.source().hostAddress()).isEqualTo("2001:db8:0:0:0:0:0:1");
  }

  @ParameterizedTest
  @CsvSource({"00000000, alice", "00000001, null"})
  void only_a_verified_certificate_names_a_user(String verify, String name) {
    ByteBuf in =
        hex(
            V2
                + "2111001c"
                + "0102030405060708ffff0000"
                + "20000d07"
                + verify
                + "220005616c696365");
    ProxyHeader header = ProxyHeaderReader.read(in);
    assertThat(header).isNotNull();
    assertThat(String.valueOf(header.certificateName())).isEqualTo(name);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET / HTTP/1.1\r\n",
        "PROXY TCP4 1.2.3.4 5.6.7.8 1\r\n",
        "PROXY TCP4 1.2.3.4 5.6.7.8 1 2 3\r\n",
        "PROXY TCP4 1.2.3.4  5.6.7.8 1 2\r\n",
        "PROXY TCP4 1.2.3.4 5.6.7.8 1 2\n",
        "PROXY TCP4 1.2.3.4 5.6.7.8 01 2\r\n",
        "PROXY TCP4 1.2.3.4 5.6.7.8 65536 2\r\n",
        "PROXY TCP4 1.2.3.4 5.6.7.8 -1 2\r\n",
        "PROXY TCP4 1.2.3 5.6.7.8 1 2\r\n",
        "PROXY TCP4 localhost 5.6.7.8 1 2\r\n",
        "PROXY TCP6 1.2.3.4 5.6.7.8 1 2\r\n",
        "PROXY TCP6 ::1%lo ::1 1 2\r\n",
        "PROXY UDP4 1.2.3.4 5.6.7.8 1 2\r\n",
        "PROXY tcp4 1.2.3.4 5.6.7.8 1 2\r\n"
      })
  void another_line_is_no_header(String text) {
    assertThatThrownBy(() -> ProxyHeaderReader.read(line(text)))
        .isInstanceOf(ProxyHeaderException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1111000c0102030405060708ffff0000",
        "2211000c0102030405060708ffff0000",
        "2112000c0102030405060708ffff0000",
        "2131000c0102030405060708ffff0000",
        "2111000b0102030405060708ffff00",
        "21111001",
        "2111000d0102030405060708ffff000004",
        "2111000f0102030405060708ffff0000040001",
        "211100120102030405060708ffff0000200003070000"
      })
  void another_binary_header_is_none(String digits) {
    assertThatThrownBy(() -> ProxyHeaderReader.read(hex(V2 + digits)))
        .isInstanceOf(ProxyHeaderException.class);
  }

  @Test
  void a_line_without_an_end_is_given_up() {
    assertThat(ProxyHeaderReader.read(line("PROXY " + "x".repeat(100)))).isNull();
    assertThatThrownBy(() -> ProxyHeaderReader.read(line("PROXY " + "x".repeat(101))))
        .isInstanceOf(ProxyHeaderException.class);
  }

  @Test
  void every_beginning_of_a_header_waits_for_more() {
    for (ByteBuf whole :
        new ByteBuf[] {
          line("PROXY TCP4 1.2.3.4 5.6.7.8 1 2\r\n"), hex(V2 + "2111000c0102030405060708ffff0000")
        }) {
      for (int length = 0; length < whole.readableBytes(); length++) {
        ByteBuf part = whole.slice(0, length);
        assertThat(ProxyHeaderReader.read(part)).isNull();
        assertThat(part.readerIndex()).isZero();
      }
    }
  }

  @Test
  void no_bytes_cause_anything_but_a_refusal() {
    Random random = new Random(7);
    byte[] good =
        ByteBufUtil.getBytes(
            hex(
                V2
                    + "21110020"
                    + "0102030405060708ffff0000"
                    + "20001107000000002200056"
                    + "16c696365"
                    + "040001ff"));
    for (int i = 0; i < 100_000; i++) {
      byte[] bytes = good.clone();
      for (int change = random.nextInt(4); change >= 0; change--) {
        bytes[12 + random.nextInt(bytes.length - 12)] = (byte) random.nextInt();
      }
      try {
        ProxyHeaderReader.read(Unpooled.wrappedBuffer(bytes, 0, random.nextInt(bytes.length + 1)));
      } catch (ProxyHeaderException e) {
        assertThat(e).hasMessageContaining("PROXY");
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.0/8, 10.255.1.2, true",
    "10.0.0.0/8, 11.0.0.0, false",
    "10.0.0.0/8, ::ffff:10.1.1.1, true",
    "192.0.2.1, 192.0.2.1, true",
    "192.0.2.1, 192.0.2.2, false",
    "0.0.0.0/0, 8.8.8.8, true",
    "0.0.0.0/0, ::1, false",
    "2001:db8::/33, 2001:db8:7fff::1, true",
    "2001:db8::/33, 2001:db8:8000::1, false",
    "10.0.0.0/8, client.example, false"
  })
  void a_range_holds_its_addresses(String range, String host, boolean holds) {
    assertThat(Cidr.parse(range).test(host)).isEqualTo(holds);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "host/8", "::/129", "1.2.3/8"})
  void what_is_no_range_is_said(String text) {
    assertThatThrownBy(() -> Cidr.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }
}
