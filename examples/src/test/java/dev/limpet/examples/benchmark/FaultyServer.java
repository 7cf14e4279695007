package dev.limpet.examples.benchmark;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * As little of an MQTT 3.1.1 server as the load generator's pairs need, which does one thing wrong
 * with each tenth message. Thread-safe: a thread for each connection, writes under the stream's
 * lock.
 */
final class FaultyServer implements AutoCloseable {

  /** What goes wrong. */
  enum Fault {
    NONE,
    LOSES,
    REPEATS,
    REORDERS,
    DAMAGES
  }

  private static final int EACH = 10;

  private final Fault fault;
  private final ServerSocket server;
  private final Map<String, OutputStream> subscribers = new ConcurrentHashMap<>();
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

  FaultyServer(Fault fault) throws IOException {
    this.fault = fault;
    this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    new Thread(this::accept, "faulty-server").start();
  }

  int port() {
    return server.getLocalPort();
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = server.accept();
        sockets.add(socket);
        new Thread(() -> serve(socket), "faulty-connection").start();
      }
    } catch (IOException closed) {
      sockets.forEach(FaultyServer::close);
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      DataInputStream in = new DataInputStream(socket.getInputStream());
      OutputStream out = socket.getOutputStream();
      Publications publications = new Publications();
      while (true) {
        int header = in.readUnsignedByte();
        byte[] body = in.readNBytes(remainingLength(in));
        switch (header >> 4) {
          case 1 -> send(out, 0x20, new byte[] {0, 0});
          case 3 -> publications.take(header, body, out);
          case 8 -> {
            subscribers.put(string(body, 2), out);
            send(out, 0x90, new byte[] {body[0], body[1], body[body.length - 1]});
          }
          case 12 -> send(out, 0xd0, new byte[0]);
          case 14 -> {
            return;
          }
          default -> {} // acknowledgements of subscribers
        }
      }
    } catch (IOException gone) {
      sockets.remove(socket);
    }
  }

  /** What one publisher has sent. Confined to its connection's thread. */
  private final class Publications {
    private int count;
    private byte[] held = new byte[0];

    void take(int header, byte[] body, OutputStream publisher) throws IOException {
      String topic = string(body, 0);
      OutputStream subscriber = subscribers.get(topic);
      if ((header & 0x06) != 0) {
        int id = 2 + topic.length();
        send(publisher, 0x40, new byte[] {body[id], body[id + 1]});
      }
      if (subscriber == null) {
        return;
      }
      Fault now = ++count % EACH == 0 ? fault : Fault.NONE;
      if (now == Fault.DAMAGES) {
        body[body.length - 1] ^= 1;
      }
      if (now == Fault.REORDERS) {
        held = body;
      } else if (now != Fault.LOSES) {
        send(subscriber, header, body);
      }
      if (now == Fault.REPEATS) {
        send(subscriber, header, body);
      }
      if (now != Fault.REORDERS && held.length > 0) {
        send(subscriber, header, held);
        held = new byte[0];
      }
    }
  }

  private static void send(OutputStream out, int header, byte[] body) throws IOException {
    ByteBuffer packet = ByteBuffer.allocate(body.length + 3).put((byte) header);
    if (body.length < 128) {
      packet.put((byte) body.length);
    } else {
      packet.put((byte) (body.length & 0x7f | 0x80)).put((byte) (body.length >> 7));
    }
    packet.put(body);
    synchronized (out) {
      out.write(packet.array(), 0, packet.position());
    }
  }

  private static int remainingLength(DataInputStream in) throws IOException {
    int length = 0;
    for (int shift = 0; ; shift += 7) {
      int next = in.readUnsignedByte();
      length |= (next & 0x7f) << shift;
      if (next < 128) {
        return length;
      }
    }
  }

  private static String string(byte[] body, int at) {
    int length = ByteBuffer.wrap(body).getShort(at);
    return new String(body, at + 2, length, java.nio.charset.StandardCharsets.UTF_8);
  }

  private static void close(AutoCloseable it) {
    try {
      it.close();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    close(server);
  }
}
