package dev.limpet.lb;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** MQTT packets for tests. */
final class Packets {

  /** PUBLISH, QoS 0, topic "t", payload "x". */
  static final byte[] PUBLISH = hex("30 04 0001 74 78");

  /** SUBSCRIBE, packet id 1, filter "t", QoS 0. */
  static final byte[] SUBSCRIBE = hex("82 06 0001 0001 74 00");

  static final byte[] DISCONNECT = hex("e0 00");

  private Packets() {}

  static byte[] connect31(String clientId) {
    return connect(join(hex("0006 4d5149736470 03 02 003c"), string(clientId)));
  }

  static byte[] connect311(String clientId) {
    return connect(join(hex("0004 4d515454 04 02 003c"), string(clientId)));
  }

  /** With will topic, will payload, user name and password behind the client id. */
  static byte[] connect311WithWill(String clientId, String willPayload) {
    byte[] payload =
        join(string(clientId), string("will"), string(willPayload), string("u"), string("p"));
    return connect(join(hex("0004 4d515454 04 c6 003c"), payload));
  }

  static byte[] connect5(String clientId, byte[] properties) {
    byte[] head = join(hex("0004 4d515454 05 02 003c"), varint(properties.length));
    return connect(join(head, properties, string(clientId)));
  }

  /** A user property whose value has {@code valueBytes} bytes. */
  static byte[] userProperty(int valueBytes) {
    return join(hex("26"), string("k"), string("v".repeat(valueBytes)));
  }

  /** Puts the fixed header of CONNECT before a body. */
  static byte[] connect(byte[] body) {
    return join(hex("10"), varint(body.length), body);
  }

  static byte[] string(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    return join(new byte[] {(byte) (utf8.length >> 8), (byte) utf8.length}, utf8);
  }

  static byte[] varint(int value) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int rest = value;
    while (rest >= 0x80) {
      out.write((rest & 0x7F) | 0x80);
      rest >>= 7;
    }
    out.write(rest);
    return out.toByteArray();
  }

  static byte[] hex(String digits) {
    return HexFormat.of().parseHex(digits.replace(" ", ""));
  }

  static byte[] join(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }
}
