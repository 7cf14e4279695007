package dev.limpet.store;

import com.hazelcast.config.SerializerConfig;
import com.hazelcast.nio.serialization.ByteArraySerializer;
import java.util.function.Function;

/**
 * Hands one class to Hazelcast in our own, versioned binary form. Immutable.
 *
 * @param typeId names the class in the cluster; never used anew for another
 */
record BinarySerializer<T>(
    int typeId, Class<T> type, Function<T, byte[]> toBytes, Function<byte[], T> ofBytes)
    implements ByteArraySerializer<T> {

  @Override
  public int getTypeId() {
    return typeId;
  }

  @Override
  public byte[] write(T value) {
    return toBytes.apply(value);
  }

  @Override
  public T read(byte[] bytes) {
    return ofBytes.apply(bytes);
  }

  SerializerConfig config() {
    return new SerializerConfig().setTypeClass(type).setImplementation(this);
  }
}
