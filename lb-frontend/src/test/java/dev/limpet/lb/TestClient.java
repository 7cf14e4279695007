package dev.limpet.lb;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;

/** A blocking TCP client, or the accepted end of one. */
final class TestClient implements AutoCloseable {

  private static final int TIMEOUT_MILLIS = 60_000;

  private final Socket socket;

  TestClient(Socket socket) throws IOException {
    this.socket = socket;
    socket.setSoTimeout(TIMEOUT_MILLIS);
    socket.setTcpNoDelay(true);
  }

  static TestClient connect(int port) throws IOException {
    return new TestClient(new Socket(InetAddress.getLoopbackAddress(), port));
  }

  Socket socket() {
    return socket;
  }

  int localPort() {
    return socket.getLocalPort();
  }

  TestClient send(byte[]... packets) throws IOException {
    socket.getOutputStream().write(Packets.join(packets));
    return this;
  }

  TestClient sendByteByByte(byte[] packet) throws IOException {
    for (byte b : packet) {
      socket.getOutputStream().write(b);
    }
    return this;
  }

  byte[] read(int count) throws IOException {
    return socket.getInputStream().readNBytes(count);
  }

  /** Reads until the other end closes; true for FIN, false for RST. */
  boolean readToEnd() throws IOException {
    InputStream in = socket.getInputStream();
    try {
      while (in.read() >= 0) {
        // thrown away
      }
      return true;
    } catch (SocketException e) {
      return false;
    }
  }

  void sendFin() throws IOException {
    socket.shutdownOutput();
  }

  void sendReset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
