package dev.limpet.examples.jmh;

import dev.limpet.broker.connection.codec.Packet;
import dev.limpet.broker.connection.codec.PacketDecoder;
import dev.limpet.broker.connection.codec.PacketEncoder;
import dev.limpet.broker.connection.codec.PublishFlags;
import dev.limpet.broker.mqtt.ProtocolVersion;
import dev.limpet.broker.mqtt.PublicationProperties;
import dev.limpet.broker.mqtt.Qos;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** PUBLISH at QoS 1 with 64 bytes, to and from the wire. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 3, time = 3)
@Fork(1)
public class CodecBenchmark {

  private static final int PACKET_BYTES_MAX = 1 << 20;

  @Param({"V3_1_1", "V5"})
  ProtocolVersion version;

  private final ByteBuf out = Unpooled.directBuffer(1024);
  private ByteBuf in;
  private PacketEncoder encoder;
  private PacketDecoder decoder;
  private Packet.Publish publish;

  /** Encodes what is decoded. */
  @Setup
  public void encodeOne() {
    publish =
        new Packet.Publish(
            Plant.topic(7),
            0,
            Buffer.buffer(new byte[64]),
            PublishFlags.of(Qos.AT_LEAST_ONCE, false, false),
            7,
            Packet.Publish.NO_EXPIRY,
            PublicationProperties.NONE,
            List.of());
    encoder = new PacketEncoder(version);
    decoder = PacketDecoder.forClient(version, PACKET_BYTES_MAX);
    in = Unpooled.directBuffer(1024);
    encoder.publishes().encode(in, publish);
  }

  @Benchmark
  public boolean encode() {
    return encoder.publishes().encode(out.clear(), publish);
  }

  @Benchmark
  public @Nullable Packet decode() {
    return decoder.decode(in.readerIndex(0));
  }
}
