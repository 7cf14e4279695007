package dev.limpet.store.write;

import com.hazelcast.core.ReadOnly;
import com.hazelcast.map.EntryProcessor;
import dev.limpet.broker.mqtt.BinaryReader;
import dev.limpet.broker.mqtt.BinaryWriter;
import dev.limpet.broker.spi.durable.DurableSession;
import dev.limpet.broker.spi.durable.SessionCell;
import dev.limpet.broker.spi.durable.StoredSlice;
import io.vertx.core.buffer.Buffer;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Performs {@code SessionStore.read}; answers a flag and, unless fenced, an inbox slice. A
 * processor and not a {@code get}: only the partition's thread may look at the live session.
 * Immutable.
 */
public final class ReadInbox implements EntryProcessor<String, DurableSession, byte[]>, ReadOnly {
  private static final long serialVersionUID = 1L;

  private final long epoch;
  private final long afterSequence;
  private final int messagesMax;
  private final int bytesMax;

  public ReadInbox(long epoch, long afterSequence, int messagesMax, int bytesMax) {
    this.epoch = epoch;
    this.afterSequence = afterSequence;
    this.messagesMax = messagesMax;
    this.bytesMax = bytesMax;
  }

  public static ReadInbox read(BinaryReader in) {
    return new ReadInbox(in.int64(), in.int64(), in.varint32(), in.varint32());
  }

  public void write(BinaryWriter out) {
    out.int64(epoch).int64(afterSequence).varint(messagesMax).varint(bytesMax);
  }

  @Override
  public byte[] process(Map.Entry<String, DurableSession> entry) {
    SessionCell cell = new SessionCell(entry.getValue());
    Optional<StoredSlice> slice = cell.read(epoch, afterSequence, messagesMax, bytesMax);
    BinaryWriter answer = new BinaryWriter(Buffer.buffer());
    answer.flag(slice.isPresent());
    slice.ifPresent(found -> AnswerFormat.write(found, answer));
    return answer.buffer().getBytes();
  }

  @Override
  public @Nullable EntryProcessor<String, DurableSession, byte[]> getBackupProcessor() {
    return null;
  }
}
