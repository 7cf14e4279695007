package dev.limpet.cluster.member;

import com.hazelcast.config.SerializerConfig;
import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.HazelcastSerializationException;
import com.hazelcast.nio.serialization.StreamSerializer;
import dev.limpet.broker.mqtt.BinaryReader;
import dev.limpet.broker.mqtt.BinaryWriter;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * Serializes one class for Hazelcast in the broker's own binary form, after the version of its
 * layout. Explicit: no class is read by reflection or by name. Stateless.
 */
public final class RecordSerializer<T> implements StreamSerializer<T> {

  private static final int VERSION = 1;

  private final int typeId;
  private final BiConsumer<T, BinaryWriter> writer;
  private final Function<BinaryReader, T> reader;

  private RecordSerializer(
      int typeId, BiConsumer<T, BinaryWriter> writer, Function<BinaryReader, T> reader) {
    this.typeId = typeId;
    this.writer = writer;
    this.reader = reader;
  }

  /**
   * A serializer to be added to the configuration.
   *
   * @param typeId unique in the cluster: 7100 to 7199 belong to this module
   */
  public static <T> SerializerConfig of(
      int typeId,
      Class<T> type,
      BiConsumer<T, BinaryWriter> writer,
      Function<BinaryReader, T> reader) {
    return new SerializerConfig()
        .setTypeClass(type)
        .setImplementation(new RecordSerializer<>(typeId, writer, reader));
  }

  @Override
  public int getTypeId() {
    return typeId;
  }

  @Override
  public void write(ObjectDataOutput out, T value) throws IOException {
    Buffer buffer = Buffer.buffer();
    BinaryWriter binary = new BinaryWriter(buffer);
    binary.u8(VERSION);
    writer.accept(value, binary);
    out.writeByteArray(buffer.getBytes());
  }

  @Override
  public T read(ObjectDataInput in) throws IOException {
    byte[] bytes = in.readByteArray();
    if (bytes == null) {
      throw new HazelcastSerializationException("type " + typeId + " came without bytes");
    }
    try {
      BinaryReader binary = new BinaryReader(Buffer.buffer(bytes));
      int version = binary.u8();
      if (version != VERSION) {
        throw new IllegalArgumentException("unknown layout version " + version);
      }
      T value = reader.apply(binary);
      binary.requireEnd();
      return value;
    } catch (IllegalArgumentException e) {
      throw new HazelcastSerializationException("type " + typeId + " is malformed", e);
    }
  }
}
