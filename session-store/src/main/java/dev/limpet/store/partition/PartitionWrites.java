package dev.limpet.store.partition;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.EntryProcessor;
import dev.limpet.broker.mqtt.BinaryReader;
import dev.limpet.broker.mqtt.BinaryWriter;
import dev.limpet.broker.spi.durable.DurableSession;
import dev.limpet.broker.spi.durable.SessionCell;
import dev.limpet.store.hazelcast.AppliedWrites;
import dev.limpet.store.write.SessionWrite;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Applies the writes to one partition that gathered during the previous operation: those of each
 * client id in order. A session's answer is a flag, followed by the answers of its writes.
 *
 * <p>Thread-safe. Decoded once where it runs, encoded once where it is sent: received bytes go on
 * to the backup unchanged.
 */
public final class PartitionWrites
    implements EntryProcessor<String, DurableSession, byte[]>, AppliedWrites {
  private static final long serialVersionUID = 1L;
  private static final Logger LOG = LoggerFactory.getLogger(PartitionWrites.class);
  private static final int VERSION = 2;

  private transient volatile @Nullable Map<String, List<SessionWrite>> writes;
  private transient volatile byte @Nullable [] encoded;

  /** Its effects on the inboxes where it ran last; confined to that partition's thread. */
  private transient @Nullable List<InboxChange> changes;

  /**
   * @param writes by client id; not changed by the caller any more
   */
  PartitionWrites(Map<String, List<SessionWrite>> writes) {
    this.writes = writes;
  }

  private PartitionWrites(byte[] encoded) {
    this.encoded = encoded;
  }

  public static PartitionWrites ofBytes(byte[] encoded) {
    return new PartitionWrites(encoded);
  }

  Set<String> clientIds() {
    return decode().keySet();
  }

  /**
   * Never throws once the first session is changed: Hazelcast would leave out the others, and the
   * backup of those that were changed.
   */
  @Override
  public byte[] process(Map.Entry<String, DurableSession> entry) {
    List<SessionWrite> own = decode().get(entry.getKey());
    if (own == null) {
      throw new IllegalArgumentException("no writes for " + entry.getKey());
    }
    try {
      return apply(own, entry);
    } catch (RuntimeException e) {
      LOG.warn("Writes to the session of {} failed", entry.getKey(), e);
      return new BinaryWriter(Buffer.buffer()).flag(false).buffer().getBytes();
    }
  }

  @Override
  public EntryProcessor<String, DurableSession, byte[]> getBackupProcessor() {
    return new CopiedWrites(this);
  }

  @Override
  public void applied(HazelcastInstance member, int partition) {
    InboxChanges listener = InboxChanges.of(member);
    if (listener != null) {
      listener.changed(partition, takeChanges());
    }
  }

  /** Returns the changes since the last call. Call on the partition's thread. */
  List<InboxChange> takeChanges() {
    List<InboxChange> taken = changes;
    changes = null;
    return taken == null ? List.of() : taken;
  }

  private byte[] apply(List<SessionWrite> own, Map.Entry<String, DurableSession> entry) {
    DurableSession before = entry.getValue();
    long messages = before == null ? 0 : before.inboxMessages();
    long bytes = before == null ? 0 : before.heapBytes();
    SessionCell cell = new SessionCell(before);
    BinaryWriter answers = new BinaryWriter(Buffer.buffer(1 + own.size() * Long.BYTES));
    answers.flag(true);
    for (SessionWrite write : own) {
      write.apply(cell, answers);
    }
    DurableSession after = cell.session();
    note(after, messages, bytes);
    if (before != null || after != null) {
      entry.setValue(after);
    }
    return answers.buffer().getBytes();
  }

  private void note(@Nullable DurableSession after, long messagesBefore, long bytesBefore) {
    long messages = after == null ? 0 : after.inboxMessages();
    long bytes = after == null ? 0 : after.heapBytes();
    if (messages != messagesBefore || bytes != bytesBefore) {
      List<InboxChange> noted = changes == null ? new ArrayList<>(1) : changes;
      noted.add(new InboxChange(messages - messagesBefore, bytes - bytesBefore));
      changes = noted;
    }
  }

  /** All at once, before the first session is changed: it may fail. */
  private Map<String, List<SessionWrite>> decode() {
    Map<String, List<SessionWrite>> decoded = writes;
    if (decoded == null) {
      BinaryReader in = new BinaryReader(Buffer.buffer(Objects.requireNonNull(encoded)));
      int version = in.u8();
      if (version != VERSION) {
        throw new IllegalArgumentException("unknown layout of writes: " + version);
      }
      int sessions = in.count(1);
      decoded = new HashMap<>(2 * sessions);
      for (int i = 0; i < sessions; i++) {
        decoded.put(in.string(), readOwn(in));
      }
      writes = decoded;
    }
    return decoded;
  }

  private static List<SessionWrite> readOwn(BinaryReader in) {
    int count = in.count(1);
    List<SessionWrite> own = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      own.add(SessionWrite.read(in));
    }
    return own;
  }

  public byte[] toBytes() {
    byte[] bytes = encoded;
    if (bytes == null) {
      Map<String, List<SessionWrite>> all = Objects.requireNonNull(writes);
      BinaryWriter out = new BinaryWriter(Buffer.buffer());
      out.u8(VERSION).varint(all.size());
      all.forEach((clientId, own) -> writeOwn(clientId, own, out));
      bytes = out.buffer().getBytes();
      encoded = bytes;
    }
    return bytes;
  }

  private static void writeOwn(String clientId, List<SessionWrite> own, BinaryWriter out) {
    out.string(clientId).varint(own.size());
    for (SessionWrite write : own) {
      out.u8(write.kind());
      write.write(out);
    }
  }
}
