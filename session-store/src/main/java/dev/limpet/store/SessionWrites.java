package dev.limpet.store;

import com.hazelcast.map.EntryProcessor;
import dev.limpet.broker.mqtt.BinaryReader;
import dev.limpet.broker.mqtt.BinaryWriter;
import dev.limpet.broker.spi.durable.DurableSession;
import dev.limpet.broker.spi.durable.SessionCell;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Writes to one session that gathered while the last were under way, applied in order in one
 * operation. Its answer is the answers of the writes, one behind the other.
 *
 * <p>One key per operation, because only then does Hazelcast wait for the backup: an operation on
 * several keys ({@code submitToKeys}) answers when the owner alone has it, whatever the map's
 * configuration says.
 *
 * <p>Thread-safe. Decoded once where it runs, encoded once where it is sent: what came in as bytes
 * goes on to the backup as the same bytes.
 */
final class SessionWrites implements EntryProcessor<String, DurableSession, byte[]> {
  private static final long serialVersionUID = 1L;
  private static final int VERSION = 1;

  private transient volatile @Nullable List<SessionWrite> writes;
  private transient volatile byte @Nullable [] encoded;

  SessionWrites(List<SessionWrite> writes) {
    this.writes = List.copyOf(writes);
  }

  private SessionWrites(byte[] encoded) {
    this.encoded = encoded;
  }

  static SessionWrites ofBytes(byte[] encoded) {
    return new SessionWrites(encoded);
  }

  @Override
  public byte[] process(Map.Entry<String, DurableSession> entry) {
    List<SessionWrite> all = decode(); // Before anything is changed: it may fail.
    DurableSession before = entry.getValue();
    SessionCell cell = new SessionCell(before);
    BinaryWriter answers = new BinaryWriter(Buffer.buffer(all.size() * Long.BYTES));
    for (SessionWrite write : all) {
      write.apply(cell, answers);
    }
    if (before != null || cell.session() != null) {
      entry.setValue(cell.session());
    }
    return answers.buffer().getBytes();
  }

  private List<SessionWrite> decode() {
    List<SessionWrite> decoded = writes;
    if (decoded == null) {
      BinaryReader in = new BinaryReader(Buffer.buffer(Objects.requireNonNull(encoded)));
      int version = in.u8();
      if (version != VERSION) {
        throw new IllegalArgumentException("unknown layout of writes: " + version);
      }
      int count = in.count(1);
      decoded = new ArrayList<>(count);
      for (int i = 0; i < count; i++) {
        decoded.add(SessionWrite.read(in));
      }
      writes = decoded;
    }
    return decoded;
  }

  byte[] toBytes() {
    byte[] bytes = encoded;
    if (bytes == null) {
      List<SessionWrite> all = Objects.requireNonNull(writes);
      BinaryWriter out = new BinaryWriter(Buffer.buffer());
      out.u8(VERSION).varint(all.size());
      for (SessionWrite write : all) {
        out.u8(write.kind());
        write.write(out);
      }
      bytes = out.buffer().getBytes();
      encoded = bytes;
    }
    return bytes;
  }
}
