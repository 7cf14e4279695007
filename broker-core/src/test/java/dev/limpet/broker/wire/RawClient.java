package dev.limpet.broker.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.broker.connection.codec.Packet;
import dev.limpet.broker.connection.codec.Packet.Acknowledgement;
import dev.limpet.broker.connection.codec.Packet.Connack;
import dev.limpet.broker.connection.codec.Packet.Connect;
import dev.limpet.broker.connection.codec.Packet.Disconnect;
import dev.limpet.broker.connection.codec.Packet.Pingreq;
import dev.limpet.broker.connection.codec.Packet.Pingresp;
import dev.limpet.broker.connection.codec.Packet.Publish;
import dev.limpet.broker.connection.codec.Packet.Suback;
import dev.limpet.broker.connection.codec.Packet.Subscribe;
import dev.limpet.broker.connection.codec.PacketDecoder;
import dev.limpet.broker.connection.codec.PacketEncoder;
import dev.limpet.broker.connection.codec.PacketType;
import dev.limpet.broker.connection.codec.PublishFlags;
import dev.limpet.broker.connection.codec.SubscribeRequest;
import dev.limpet.broker.mqtt.ConnectRequest;
import dev.limpet.broker.mqtt.ProtocolVersion;
import dev.limpet.broker.mqtt.PublicationProperties;
import dev.limpet.broker.mqtt.Qos;
import dev.limpet.broker.mqtt.ReasonCode;
import dev.limpet.broker.topic.TopicName;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A client that sends whatever a test wants, in any order, and reads only when told to. Confined to
 * its test.
 */
public final class RawClient implements AutoCloseable {
  private static final int ANSWER_MILLIS_MAX = 60_000;

  private final Socket socket = new Socket();
  private final ByteBuf received = Unpooled.buffer();
  private final PacketDecoder decoder;
  private final PacketEncoder encoder;
  private int lastPacketId;

  private RawClient(int port, ProtocolVersion version, int receiveBufferBytes) {
    decoder = PacketDecoder.forClient(version, ConnectRequest.PACKET_BYTES_MAX);
    encoder = new PacketEncoder(version);
    try {
      if (receiveBufferBytes > 0) {
        socket.setReceiveBufferSize(receiveBufferBytes);
      }
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(ANSWER_MILLIS_MAX);
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A TCP connection, and nothing sent yet. */
  public static RawClient open(int port, ProtocolVersion version) {
    return new RawClient(port, version, 0);
  }

  /** One whose socket takes little while nobody reads. */
  public static RawClient openNarrow(int port, ProtocolVersion version) {
    return new RawClient(port, version, 4_096);
  }

  /** A connection that was let in. */
  public static RawClient connect(int port, ConnectSpec spec) {
    RawClient client = open(port, spec.version());
    assertThat(client.connect(spec).reason()).isEqualTo(ReasonCode.SUCCESS);
    return client;
  }

  public Connack connect(ConnectSpec spec) {
    send(new Connect(spec.request()));
    return expect(Connack.class);
  }

  public RawClient send(Packet packet) {
    ByteBuf out = Unpooled.buffer();
    encoder.write(out, packet);
    return sendBytes(ByteBufUtil.getBytes(out));
  }

  /** Several packets in one segment. */
  public RawClient sendTogether(Packet... packets) {
    ByteBuf out = Unpooled.buffer();
    Arrays.stream(packets).forEach(packet -> encoder.write(out, packet));
    return sendBytes(ByteBufUtil.getBytes(out));
  }

  public RawClient sendHex(String hex) {
    return sendBytes(ByteBufUtil.decodeHexDump(hex.replace(" ", "")));
  }

  private RawClient sendBytes(byte[] bytes) {
    try {
      socket.getOutputStream().write(bytes);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The next packet, whatever it is. */
  public Packet next() {
    Packet packet = nextOrEnd();
    assertThat(packet).as("a packet, not the end of the connection").isNotNull();
    return packet;
  }

  /** The next packet; null at the end of the connection. */
  public @Nullable Packet nextOrEnd() {
    try {
      Packet packet = decoder.decode(received);
      while (packet == null) {
        received.discardReadBytes();
        byte[] chunk = new byte[65_536];
        int length = socket.getInputStream().read(chunk);
        if (length < 0) {
          return null;
        }
        received.writeBytes(chunk, 0, length);
        packet = decoder.decode(received);
      }
      return packet;
    } catch (SocketException e) {
      return null; // reset: closed as well
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Reads so many bytes and keeps them for the next packet. */
  public void readBytes(int count) {
    try {
      received.writeBytes(socket.getInputStream().readNBytes(count));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public <T extends Packet> T expect(Class<T> type) {
    Packet packet = next();
    assertThat(packet).isInstanceOf(type);
    return type.cast(packet);
  }

  public Acknowledgement expectAck(PacketType type, int packetId) {
    Acknowledgement ack = expect(Acknowledgement.class);
    assertThat(ack.type()).isEqualTo(type);
    assertThat(ack.packetId()).isEqualTo(packetId);
    return ack;
  }

  public Publish expectPublish(String payload) {
    Publish publish = expect(Publish.class);
    assertThat(publish.payload().toString()).isEqualTo(payload);
    return publish;
  }

  /** The goodbye of a v5 connection, then its end. */
  public void expectDisconnect(ReasonCode reason) {
    assertThat(expect(Disconnect.class).reason()).isEqualTo(reason);
    expectEnd();
  }

  /** The end of the connection, and no packet before it. */
  public void expectEnd() {
    assertThat(nextOrEnd()).isNull();
  }

  /** Whatever was sent before has been handled when this returns, and nothing else came of it. */
  public void ping() {
    send(Pingreq.INSTANCE);
    expect(Pingresp.class);
  }

  /** Whether the connection is still there: its next packet answers a PINGREQ. */
  public boolean answersPing() {
    try {
      socket.getOutputStream().write(new byte[] {(byte) 0xC0, 0});
    } catch (IOException e) {
      return false;
    }
    return nextOrEnd() instanceof Pingresp;
  }

  public List<ReasonCode> subscribe(String filter, Qos qos) {
    return subscribe(0, SubscribeRequest.plain(filter, qos));
  }

  /** Sends SUBSCRIBE and answers what SUBACK says. */
  public List<ReasonCode> subscribe(int subscriptionId, SubscribeRequest... requests) {
    send(new Subscribe(nextPacketId(), subscriptionId, List.of(requests), List.of()));
    return expect(Suback.class).reasons();
  }

  /** Publishes at QoS 1 and waits for PUBACK. */
  public ReasonCode publish(String topic, String payload) {
    int packetId = nextPacketId();
    send(publish(topic, payload, Qos.AT_LEAST_ONCE, packetId));
    return expectAck(PacketType.PUBACK, packetId).reason();
  }

  /** Publishes at QoS 0, 1 or 2 and sees all of it through. */
  public void publish(String topic, String payload, Qos qos) {
    int packetId = qos.isAcknowledged() ? nextPacketId() : 0;
    send(publish(topic, payload, qos, packetId));
    if (qos == Qos.AT_LEAST_ONCE) {
      expectAck(PacketType.PUBACK, packetId);
    } else if (qos == Qos.EXACTLY_ONCE) {
      expectAck(PacketType.PUBREC, packetId);
      ack(PacketType.PUBREL, packetId);
      expectAck(PacketType.PUBCOMP, packetId);
    }
  }

  public static Publish publish(String topic, String payload, Qos qos, int packetId) {
    return publish(topic, payload, qos, packetId, false);
  }

  public static Publish publish(
      String topic, String payload, Qos qos, int packetId, boolean retain) {
    return new Publish(
        TopicName.of(topic),
        0,
        Buffer.buffer(payload),
        PublishFlags.of(qos, false, retain),
        packetId,
        Publish.NO_EXPIRY,
        PublicationProperties.NONE,
        List.of());
  }

  /** Takes a PUBLISH and acknowledges it to the end. */
  public Publish take(String payload) {
    Publish publish = takeAll(1).get(0);
    assertThat(publish.payload().toString()).isEqualTo(payload);
    return publish;
  }

  /** Takes so many PUBLISH packets and answers their payloads. */
  public List<String> take(int count) {
    return takeAll(count).stream().map(publish -> publish.payload().toString()).toList();
  }

  /** Takes so many PUBLISH packets and acknowledges them all to the end. */
  public List<Publish> takeAll(int count) {
    List<Publish> taken = new ArrayList<>();
    int released = 0;
    int toRelease = 0;
    while (taken.size() < count || released < toRelease) {
      Packet packet = next();
      if (packet instanceof Publish publish) {
        taken.add(publish);
        if (publish.qos() == Qos.AT_LEAST_ONCE) {
          ack(PacketType.PUBACK, publish.packetId());
        } else if (publish.qos() == Qos.EXACTLY_ONCE) {
          toRelease++;
          ack(PacketType.PUBREC, publish.packetId());
        }
      } else {
        assertThat(packet.type()).isEqualTo(PacketType.PUBREL);
        ack(PacketType.PUBCOMP, ((Acknowledgement) packet).packetId());
        released++;
      }
    }
    return taken;
  }

  /** Takes and acknowledges what comes before the answer to a ping; answers the payloads. */
  public List<String> takeBeforePing() {
    send(Pingreq.INSTANCE);
    List<String> taken = new ArrayList<>();
    for (Packet packet = next(); !(packet instanceof Pingresp); packet = next()) {
      if (packet instanceof Publish publish) {
        taken.add(publish.payload().toString());
        if (publish.qos().isAcknowledged()) {
          boolean once = publish.qos() == Qos.AT_LEAST_ONCE;
          ack(once ? PacketType.PUBACK : PacketType.PUBREC, publish.packetId());
        }
      } else {
        assertThat(packet.type()).isEqualTo(PacketType.PUBREL);
        ack(PacketType.PUBCOMP, ((Acknowledgement) packet).packetId());
      }
    }
    return taken;
  }

  public RawClient ack(PacketType type, int packetId) {
    return send(Acknowledgement.of(type, packetId, ReasonCode.SUCCESS));
  }

  public int nextPacketId() {
    return ++lastPacketId;
  }

  /** Says goodbye and waits until the broker has closed. */
  public void disconnect() {
    disconnect(Disconnect.of(ReasonCode.SUCCESS));
  }

  public void disconnect(Disconnect packet) {
    send(packet);
    expectEnd();
    close();
  }

  /** Ends the connection with a RST, as a crash does. */
  public void reset() {
    try {
      socket.setSoLinger(true, 0);
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Sends no more, and reads on: FIN. */
  public void endOutput() {
    try {
      socket.shutdownOutput();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ends the connection without a word. */
  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
