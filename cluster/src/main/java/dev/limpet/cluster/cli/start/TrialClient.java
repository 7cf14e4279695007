package dev.limpet.cluster.cli.start;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * Acts once as a typical client of MQTT 3.1.1, so that the node loads the classes needed: a durable
 * session, a subscription, a message at QoS 1 to itself. Confined to its caller, which it blocks
 * for at most {@value #SILENCE_MILLIS_MAX} ms of silence.
 */
public final class TrialClient {

  private static final int SILENCE_MILLIS_MAX = 30_000;
  private static final int CONNECT = 0x10;
  private static final int SUBSCRIBE = 0x82;
  private static final int PUBLISH_QOS_1 = 0x32;
  private static final int DISCONNECT = 0xE0;

  private TrialClient() {}

  /**
   * Runs it once.
   *
   * @param id the client id, also its topic; at most 20 letters
   * @throws IOException when the node does not answer as it should
   */
  public static void run(int port, String id) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(SILENCE_MILLIS_MAX);
      InputStream in = socket.getInputStream();
      DataOutputStream out = new DataOutputStream(socket.getOutputStream());
      out.write(packet(CONNECT, text("MQTT"), new byte[] {4, 0, 0, 60}, text(id)));
      expect(in, 0x20);
      out.write(packet(SUBSCRIBE, new byte[] {0, 1}, text(id), new byte[] {1}));
      expect(in, 0x90);
      out.write(packet(PUBLISH_QOS_1, text(id), new byte[] {0, 2}, text("trial")));
      int first = expect(in, 0x30, 0x40);
      expect(in, first == 0x30 ? 0x40 : 0x30);
      out.write(packet(DISCONNECT));
    }
  }

  private static byte[] text(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    byte[] counted = new byte[bytes.length + 2];
    counted[1] = (byte) bytes.length;
    System.arraycopy(bytes, 0, counted, 2, bytes.length);
    return counted;
  }

  private static byte[] packet(int header, byte[]... parts) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      body.writeBytes(part);
    }
    ByteArrayOutputStream packet = new ByteArrayOutputStream();
    packet.write(header);
    packet.write(body.size()); // below 128
    packet.writeBytes(body.toByteArray());
    return packet.toByteArray();
  }

  /** Reads a packet and returns its type, which has to be one of these. */
  private static int expect(InputStream in, int... types) throws IOException {
    int type = in.read() & 0xF0;
    int length = in.read();
    if (length < 0 || in.readNBytes(length).length < length) {
      throw new EOFException("the node has closed the connection");
    }
    for (int each : types) {
      if (type == each) {
        return type;
      }
    }
    throw new IOException("the node has sent a packet of type " + (type >> 4));
  }
}
