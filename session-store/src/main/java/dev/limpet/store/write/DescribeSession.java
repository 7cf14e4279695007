package dev.limpet.store.write;

import com.hazelcast.core.ReadOnly;
import com.hazelcast.map.EntryProcessor;
import dev.limpet.broker.mqtt.BinaryWriter;
import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.spi.durable.DurableSession;
import dev.limpet.broker.spi.durable.SessionCell;
import io.vertx.core.buffer.Buffer;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Performs {@code SessionStore.describe}; answers a {@code SessionImage}, or null for none.
 * Stateless.
 */
public final class DescribeSession
    implements EntryProcessor<String, DurableSession, byte[]>, ReadOnly {
  private static final long serialVersionUID = 1L;

  @Override
  public byte @Nullable [] process(Map.Entry<String, DurableSession> entry) {
    BinaryWriter answer = new BinaryWriter(Buffer.buffer());
    new SessionCell(entry.getValue())
        .describe(ClientId.of(entry.getKey()))
        .ifPresent(image -> AnswerFormat.write(image, answer));
    return answer.buffer().length() == 0 ? null : answer.buffer().getBytes();
  }

  @Override
  public @Nullable EntryProcessor<String, DurableSession, byte[]> getBackupProcessor() {
    return null;
  }
}
