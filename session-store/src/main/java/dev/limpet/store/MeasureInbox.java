package dev.limpet.store;

import com.hazelcast.core.ReadOnly;
import com.hazelcast.map.EntryProcessor;
import dev.limpet.broker.mqtt.BinaryReader;
import dev.limpet.broker.mqtt.BinaryWriter;
import dev.limpet.broker.spi.StoreUsage;
import dev.limpet.broker.spi.durable.DurableSession;
import io.vertx.core.buffer.Buffer;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Measures one inbox where it lies. Stateless. */
final class MeasureInbox implements EntryProcessor<String, DurableSession, byte[]>, ReadOnly {
  private static final long serialVersionUID = 1L;

  @Override
  public byte[] process(Map.Entry<String, DurableSession> entry) {
    DurableSession session = entry.getValue();
    return new BinaryWriter(Buffer.buffer())
        .varint(session == null ? 0 : session.inboxMessages())
        .varint(session == null ? 0 : session.inboxBytes())
        .buffer()
        .getBytes();
  }

  @Override
  public @Nullable EntryProcessor<String, DurableSession, byte[]> getBackupProcessor() {
    return null;
  }

  static StoreUsage usage(byte[] measured) {
    BinaryReader in = new BinaryReader(Buffer.buffer(measured));
    return new StoreUsage(in.varint(), in.varint());
  }
}
