package dev.limpet.broker.listener;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;

/** Reads what a server sends, byte by byte. Stateless. */
final class RawSocket {
  private RawSocket() {}

  /** All bytes until the server closes or resets. */
  static byte[] readToEnd(Socket socket) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    InputStream in = socket.getInputStream();
    try {
      for (int next = in.read(); next >= 0; next = in.read()) {
        all.write(next);
      }
    } catch (SocketException reset) {
      return all.toByteArray();
    }
    return all.toByteArray();
  }

  static byte[] read(Socket socket, int length) throws IOException {
    return socket.getInputStream().readNBytes(length);
  }
}
