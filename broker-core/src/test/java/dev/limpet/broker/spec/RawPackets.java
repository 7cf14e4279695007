package dev.limpet.broker.spec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.broker.connection.codec.Packet.Disconnect;
import dev.limpet.broker.mqtt.ProtocolVersion;
import dev.limpet.broker.mqtt.ReasonCode;
import dev.limpet.broker.wire.RawClient;
import io.netty.buffer.ByteBufUtil;
import java.nio.charset.StandardCharsets;

/**
 * Packets as bytes, so that a test can break one rule of a packet and keep the others. Stateless.
 */
final class RawPackets {
  private RawPackets() {}

  /** A packet; before v5 {@code properties} are left out. */
  static String packet(
      ProtocolVersion version, int firstByte, String head, String properties, String payload) {
    String tagged = version.isV5() ? hex(length(properties)) + properties : "";
    String body = (head + tagged + payload).replace(" ", "");
    return hex(firstByte) + hex(length(body)) + body;
  }

  /** SUBSCRIBE number 1. */
  static String subscribe(ProtocolVersion version, int firstByte, String payload) {
    return packet(version, firstByte, "0001", "", payload);
  }

  /** A filter with its options. */
  static String filter(String text, int options) {
    return string(text) + hex(options);
  }

  /** A string with its length. */
  static String string(String text) {
    return string(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String string(byte[] bytes) {
    return "%04x".formatted(bytes.length) + ByteBufUtil.hexDump(bytes);
  }

  private static int length(String hex) {
    int length = hex.replace(" ", "").length() / 2;
    assertThat(length).as("one byte tells the length").isLessThan(128);
    return length;
  }

  private static String hex(int octet) {
    return "%02x".formatted(octet);
  }

  /** The connection ends, in v5 after a word about the reason. */
  static void expectClosed(RawClient client, ProtocolVersion version, ReasonCode reason) {
    if (version.isV5()) {
      Disconnect goodbye = client.expect(Disconnect.class);
      assertThat(goodbye.reason()).isEqualTo(reason);
    }
    client.expectEnd();
  }
}
