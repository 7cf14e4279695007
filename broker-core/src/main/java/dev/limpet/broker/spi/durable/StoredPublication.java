package dev.limpet.broker.spi.durable;

import dev.limpet.broker.mqtt.BinaryReader;
import dev.limpet.broker.mqtt.BinaryWriter;
import dev.limpet.broker.mqtt.Publication;
import dev.limpet.broker.mqtt.PublicationFormat;
import dev.limpet.broker.mqtt.PublicationId;
import io.vertx.core.buffer.Buffer;
import java.lang.ref.WeakReference;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Holds a publication as inboxes keep it: as bytes, a third of its size as objects, shared by all
 * inboxes of this process that got it at about the same time.
 *
 * <p>Thread-safe. The bytes are never written to.
 */
public final class StoredPublication {
  /** Of this object and the header of its array, as a 64-bit JVM lays them out. */
  private static final int OBJECT_BYTES = 24 + 16;

  /** A fan-out reaches its inboxes within some hundred other publications. */
  private static final int LATEST = 1_024;

  private static final AtomicReferenceArray<@Nullable WeakReference<StoredPublication>> SHARED =
      new AtomicReferenceArray<>(LATEST);

  private final byte[] bytes;

  private StoredPublication(byte[] bytes) {
    this.bytes = bytes;
  }

  /** The stored form of a publication. */
  public static StoredPublication of(Publication publication) {
    Buffer out = Buffer.buffer(64 + publication.bytes());
    PublicationFormat.write(publication, out);
    return shared(out.getBytes());
  }

  /** The same of bytes that {@link #write} wrote. */
  static StoredPublication read(BinaryReader in) {
    return shared(in.byteArray());
  }

  void write(BinaryWriter out) {
    out.bytes(bytes);
  }

  private static StoredPublication shared(byte[] bytes) {
    int slot = Math.floorMod(PublicationFormat.idOf(bytes).hashCode(), LATEST);
    WeakReference<StoredPublication> latest = SHARED.get(slot);
    StoredPublication known = latest == null ? null : latest.get();
    if (known != null && Arrays.equals(known.bytes, bytes)) {
      return known;
    }
    StoredPublication stored = new StoredPublication(bytes);
    SHARED.set(slot, new WeakReference<>(stored));
    return stored;
  }

  Publication publication() {
    return PublicationFormat.readPublication(new BinaryReader(Buffer.buffer(bytes)));
  }

  PublicationId id() {
    return PublicationFormat.idOf(bytes);
  }

  long expiresAtMillis() {
    return PublicationFormat.expiryOf(bytes);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof StoredPublication that && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  /** Returns its size on the heap. */
  int heapBytes() {
    return OBJECT_BYTES + (bytes.length + 7) / 8 * 8;
  }
}
