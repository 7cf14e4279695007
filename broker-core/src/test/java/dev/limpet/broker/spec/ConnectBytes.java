package dev.limpet.broker.spec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.broker.connection.codec.Packet.Connack;
import dev.limpet.broker.mqtt.ProtocolVersion;
import dev.limpet.broker.mqtt.ReasonCode;
import dev.limpet.broker.wire.RawClient;
import java.nio.charset.StandardCharsets;

/**
 * CONNECT as bytes, so that a test can break one rule of it and keep the others. Confined to its
 * test.
 */
final class ConnectBytes {
  static final int CLEAN = 0x02;
  static final int WILL = 0x04;
  static final int PASSWORD = 0x40;
  static final int USER_NAME = 0x80;

  private final ProtocolVersion version;
  private String protocolName;
  private int level;
  private int flags = CLEAN;
  private String properties = "";
  private String payload = text("bytes");

  private ConnectBytes(ProtocolVersion version) {
    this.version = version;
    this.protocolName = version.protocolName();
    this.level = version.level();
  }

  /** A clean start of the client "bytes", nothing else. */
  static ConnectBytes of(ProtocolVersion version) {
    return new ConnectBytes(version);
  }

  ConnectBytes protocolName(String value) {
    protocolName = value;
    return this;
  }

  ConnectBytes level(int value) {
    level = value;
    return this;
  }

  ConnectBytes flags(int value) {
    flags = value;
    return this;
  }

  /** In v5 only; left out before. */
  ConnectBytes properties(String hex) {
    properties = hex.replace(" ", "");
    return this;
  }

  ConnectBytes payload(String... hexFields) {
    payload = String.join("", hexFields).replace(" ", "");
    return this;
  }

  /** A will topic and payload, in v5 behind empty properties. */
  String will(String topicHex) {
    return (version.isV5() ? "00" : "") + topicHex + text("bye");
  }

  /** A string with its length. */
  static String text(String value) {
    StringBuilder hex = new StringBuilder();
    for (byte octet : value.getBytes(StandardCharsets.UTF_8)) {
      hex.append("%02x".formatted(octet));
    }
    return "%04x".formatted(hex.length() / 2) + hex;
  }

  String hex() {
    String tagged = version.isV5() ? "%02x".formatted(properties.length() / 2) + properties : "";
    String body = text(protocolName) + "%02x%02x003c".formatted(level, flags) + tagged + payload;
    assertThat(body.length() / 2).as("one byte tells the length").isLessThan(128);
    return "10%02x".formatted(body.length() / 2) + body;
  }

  /** Sends it and sees it refused: in v5 with a reason, before without a word. */
  void expectRefused(int port, ReasonCode reason) {
    try (RawClient client = RawClient.open(port, version)) {
      client.sendHex(hex());
      if (version.isV5()) {
        Connack connack = client.expect(Connack.class);
        assertThat(connack.reason()).isEqualTo(reason);
        assertThat(connack.sessionPresent()).isFalse();
      }
      client.expectEnd();
    }
  }

  /** Sends it, sees it accepted and says goodbye. */
  void expectAccepted(int port) {
    try (RawClient client = RawClient.open(port, version)) {
      client.sendHex(hex());
      assertThat(client.expect(Connack.class).reason()).isEqualTo(ReasonCode.SUCCESS);
      client.disconnect();
    }
  }
}
