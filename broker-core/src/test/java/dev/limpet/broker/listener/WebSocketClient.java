package dev.limpet.broker.listener;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** A WebSocket client that sends whatever frames a test wants. Confined to its test. */
final class WebSocketClient implements AutoCloseable {
  static final int CONTINUATION = 0x0;
  static final int TEXT = 0x1;
  static final int BINARY = 0x2;
  static final int CLOSE = 0x8;
  static final int PING = 0x9;
  static final int PONG = 0xA;
  static final int FIN = 0x80;

  private final Socket socket;
  private final DataInputStream in;

  /** A frame as it came. */
  record Frame(int opcode, byte[] payload) {}

  WebSocketClient(int port) throws IOException {
    socket = new Socket("127.0.0.1", port);
    socket.setSoTimeout(60_000);
    socket.setTcpNoDelay(true);
    in = new DataInputStream(socket.getInputStream());
  }

  /** One that has been let in. */
  static WebSocketClient open(int port) throws IOException {
    WebSocketClient client = new WebSocketClient(port);
    String status = client.request("/mqtt", "mqtt", "");
    if (!status.startsWith("HTTP/1.1 101 ") || !status.contains("protocol: mqtt\r\n")) {
      throw new IOException("not let in: " + status);
    }
    return client;
  }

  /**
   * Sends an upgrade request and answers the head of the response, in lower case but its status.
   */
  String request(String path, String subprotocol, String extra) throws IOException {
    String protocol =
        subprotocol.isEmpty() ? "" : "Sec-WebSocket-Protocol: " + subprotocol + "\r\n";
    send(
        ("GET "
                + path
                + " HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
                + protocol
                + "\r\n"
                + extra)
            .getBytes(StandardCharsets.US_ASCII));
    StringBuilder head = new StringBuilder();
    while (!head.toString().endsWith("\r\n\r\n")) {
      int next = in.read();
      if (next < 0) {
        break;
      }
      head.append((char) next);
    }
    return head.toString().replaceAll("(?i)sec-websocket-protocol", "sec-websocket-protocol");
  }

  WebSocketClient send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    return this;
  }

  WebSocketClient frame(int firstByte, byte... payload) throws IOException {
    return send(encode(firstByte, payload));
  }

  /** Masked, as a client's frames are. */
  static byte[] encode(int firstByte, byte... payload) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(firstByte);
    if (payload.length < 126) {
      out.write(0x80 | payload.length);
    } else if (payload.length > 0xFFFF) {
      out.write(0x80 | 127);
      out.writeBytes(ByteBuffer.allocate(Long.BYTES).putLong(payload.length).array());
    } else {
      out.write(0x80 | 126);
      out.write(payload.length >>> 8);
      out.write(payload.length);
    }
    byte[] mask = {1, 2, 3, 4};
    out.writeBytes(mask);
    for (int i = 0; i < payload.length; i++) {
      out.write(payload[i] ^ mask[i % 4]);
    }
    return out.toByteArray();
  }

  Frame next() throws IOException {
    int first = in.readUnsignedByte();
    int length = in.readUnsignedByte();
    if (length == 126) {
      length = in.readUnsignedShort();
    } else if (length == 127) {
      length = Math.toIntExact(in.readLong());
    }
    return new Frame(first & 0x0F, in.readNBytes(length));
  }

  byte[] readToEnd() throws IOException {
    return RawSocket.readToEnd(socket);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
