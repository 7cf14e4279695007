package dev.limpet.broker.spi.durable;

import dev.limpet.broker.mqtt.BinaryReader;
import dev.limpet.broker.mqtt.BinaryWriter;
import dev.limpet.broker.mqtt.Delivery;
import dev.limpet.broker.mqtt.PublicationId;
import dev.limpet.broker.mqtt.Qos;
import dev.limpet.broker.topic.SharedFilter;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Represents a delivery compactly, as an inbox keeps it. Immutable. */
public final class StoredDelivery {
  private static final int QOS_MASK = 0x03;
  private static final int RETAIN = 0x04;
  private static final int REPLAYED = 0x10;

  /** Above the flags lies among how many inboxes the publication's bytes count. */
  private static final int SHARERS_SHIFT = 5;

  /**
   * Inboxes that share a publication release it at different times, so each counts at least an
   * eighth of it.
   */
  private static final int SHARERS_MAX = 8;

  /** Of this object. */
  private static final int OBJECT_BYTES = 24;

  private static final int ARRAY_BYTES = 16;

  private final StoredPublication publication;

  /** Subscription ids and share group; null for none, which is nearly always so. */
  private final byte @Nullable [] terms;

  private final int flags;

  private StoredDelivery(StoredPublication publication, byte @Nullable [] terms, int flags) {
    this.publication = publication;
    this.terms = terms;
    this.flags = flags;
  }

  /** The stored form of one delivery. */
  public static StoredDelivery of(Delivery delivery) {
    return of(delivery, StoredPublication.of(delivery.publication()), 1);
  }

  /**
   * The same, of one of many deliveries of a publication.
   *
   * @param publication the delivery's
   * @param inboxes how many of this node get it, at least 1
   */
  public static StoredDelivery of(Delivery delivery, StoredPublication publication, int inboxes) {
    int flags =
        delivery.qos().level()
            | (delivery.retain() ? RETAIN : 0)
            | (delivery.replayed() ? REPLAYED : 0)
            | Math.min(inboxes, SHARERS_MAX) << SHARERS_SHIFT;
    return new StoredDelivery(publication, terms(delivery), flags);
  }

  private static byte @Nullable [] terms(Delivery delivery) {
    List<Integer> ids = delivery.subscriptionIds();
    SharedFilter share = delivery.share();
    if (ids.isEmpty() && share == null) {
      return null;
    }
    BinaryWriter out = new BinaryWriter(Buffer.buffer());
    out.varint(ids.size());
    ids.forEach(out::varint);
    out.nullableString(share == null ? null : share.toString());
    return out.buffer().getBytes();
  }

  /** Reads the form of {@link #write}. */
  public static StoredDelivery read(BinaryReader in) {
    int flags = in.varint32();
    if (flags >> SHARERS_SHIFT < 1 || flags >> SHARERS_SHIFT > SHARERS_MAX) {
      throw new IllegalArgumentException("unknown flags " + Integer.toBinaryString(flags));
    }
    byte[] terms = in.byteArray();
    return new StoredDelivery(StoredPublication.read(in), terms.length == 0 ? null : terms, flags);
  }

  public void write(BinaryWriter out) {
    out.varint(flags);
    out.bytes(terms == null ? new byte[0] : terms);
    publication.write(out);
  }

  /** The delivery, made anew. */
  public Delivery delivery() {
    List<Integer> ids = new ArrayList<>();
    SharedFilter share = null;
    if (terms != null) {
      BinaryReader in = new BinaryReader(Buffer.buffer(terms));
      for (int left = in.count(1); left > 0; left--) {
        ids.add(in.varint32());
      }
      share = share(in);
    }
    return new Delivery(
        publication.publication(),
        Qos.of(flags & QOS_MASK),
        (flags & RETAIN) != 0,
        ids,
        share,
        isReplayed());
  }

  private static @Nullable SharedFilter share(BinaryReader in) {
    String text = in.nullableString();
    return text == null ? null : SharedFilter.parse(text);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof StoredDelivery that
        && flags == that.flags
        && Arrays.equals(terms, that.terms)
        && publication.equals(that.publication);
  }

  @Override
  public int hashCode() {
    return 31 * publication.hashCode() + flags;
  }

  /** {@link Delivery#id}. */
  PublicationId id() {
    return terms == null ? publication.id() : Delivery.id(publication.id(), delivery().share());
  }

  boolean isReplayed() {
    return (flags & REPLAYED) != 0;
  }

  boolean isExpired(long nowMillis) {
    return nowMillis >= expiresAtMillis();
  }

  long expiresAtMillis() {
    return publication.expiresAtMillis();
  }

  /** Returns its size on the heap if no other inbox has its publication. */
  public int heapBytes() {
    return ownBytes() + publication.heapBytes();
  }

  /** The same, when those that got its publication together count that among themselves. */
  int sharedBytes() {
    return ownBytes() + publication.heapBytes() / (flags >> SHARERS_SHIFT);
  }

  private int ownBytes() {
    return OBJECT_BYTES + (terms == null ? 0 : ARRAY_BYTES + (terms.length + 7) / 8 * 8);
  }
}
