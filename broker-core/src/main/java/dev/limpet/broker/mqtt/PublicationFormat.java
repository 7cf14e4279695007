package dev.limpet.broker.mqtt;

import dev.limpet.broker.topic.SharedFilter;
import dev.limpet.broker.topic.TopicName;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Defines the binary form of publications sent between nodes and kept in stores. Each value starts
 * with the version of its layout, so that a later version can still read what an earlier one wrote.
 *
 * <p>Stateless. Every {@code read} throws {@link IllegalArgumentException} on malformed bytes.
 */
public final class PublicationFormat {
  /** The layout written. */
  static final int VERSION = 2;

  /** The oldest layout that is read: its payload format is "UTF-8" or "not said". */
  private static final int VERSION_MIN = 1;

  private static final int QOS_MASK = 0x03;
  private static final int RETAIN = 0x04;
  private static final int SHARE = 0x08;
  private static final int REPLAYED = 0x10;
  private static final int EXPIRES = 0x08;
  private static final int PROPERTIES = 0x10;
  private static final int NO_LOCAL = 0x04;
  private static final int AS_PUBLISHED = 0x08;
  private static final int RETAIN_HANDLING_SHIFT = 4;
  private static final RetainHandling[] RETAIN_HANDLING = RetainHandling.values();

  private PublicationFormat() {}

  public static void write(Publication publication, Buffer out) {
    write(publication, new BinaryWriter(out));
  }

  public static void write(Publication publication, BinaryWriter out) {
    boolean expires = publication.expiresAtMillis() != Publication.NEVER;
    boolean properties = !publication.properties().isEmpty();
    out.u8(VERSION);
    out.u8(
        publication.qos().level()
            | bit(publication.retain(), RETAIN)
            | bit(expires, EXPIRES)
            | bit(properties, PROPERTIES));
    out.int64(publication.id().origin()).varint(publication.id().sequence());
    out.string(publication.publisher().value()).string(publication.topic().value());
    if (expires) {
      out.int64(publication.expiresAtMillis());
    }
    if (properties) {
      writeProperties(publication.properties(), out);
    }
    out.bytes(publication.payload());
  }

  /** Reads the id from the bytes of {@link #write(Publication, Buffer)}, without the rest. */
  public static PublicationId idOf(byte[] publication) {
    long origin = 0;
    for (int i = 2; i < 10; i++) {
      origin = origin << 8 | publication[i] & 0xFF;
    }
    long sequence = 0;
    int at = 10;
    for (int shift = 0; ; shift += 7) {
      int next = publication[at++];
      sequence |= (next & 0x7FL) << shift;
      if (next >= 0) {
        return new PublicationId(origin, sequence);
      }
    }
  }

  /** The same for when it expires; {@link Publication#NEVER} costs nothing. */
  public static long expiryOf(byte[] publication) {
    if (!isSet(publication[1], EXPIRES)) {
      return Publication.NEVER;
    }
    BinaryReader in = new BinaryReader(Buffer.buffer(publication));
    requireVersion(in);
    in.u8(); // flags
    in.int64(); // its id
    in.varint();
    in.string(); // publisher
    in.string(); // topic
    return in.int64();
  }

  public static Publication readPublication(BinaryReader in) {
    requireVersion(in);
    int flags = flags(in, QOS_MASK | RETAIN | EXPIRES | PROPERTIES);
    PublicationId id = new PublicationId(in.int64(), in.varint());
    ClientId publisher = ClientId.of(in.string());
    TopicName topic = TopicName.of(in.string());
    long expiresAtMillis = isSet(flags, EXPIRES) ? in.int64() : Publication.NEVER;
    PublicationProperties properties =
        isSet(flags, PROPERTIES) ? readProperties(in) : PublicationProperties.NONE;
    Qos qos = Qos.of(flags & QOS_MASK);
    boolean retain = isSet(flags, RETAIN);
    return new Publication(
        id, publisher, topic, in.bytes(), qos, retain, expiresAtMillis, properties);
  }

  public static void write(Delivery delivery, Buffer out) {
    write(delivery, new BinaryWriter(out));
  }

  public static void write(Delivery delivery, BinaryWriter out) {
    out.u8(VERSION);
    SharedFilter share = delivery.share();
    out.u8(
        delivery.qos().level()
            | bit(delivery.retain(), RETAIN)
            | bit(share != null, SHARE)
            | bit(delivery.replayed(), REPLAYED));
    List<Integer> ids = delivery.subscriptionIds();
    out.varint(ids.size());
    for (int i = 0; i < ids.size(); i++) {
      out.varint(ids.get(i));
    }
    if (share != null) {
      out.string(share.toString());
    }
    write(delivery.publication(), out);
  }

  public static Delivery readDelivery(BinaryReader in) {
    requireVersion(in);
    int flags = flags(in, QOS_MASK | RETAIN | SHARE | REPLAYED);
    int count = in.count(1);
    List<Integer> ids = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      ids.add(in.varint32());
    }
    SharedFilter share = isSet(flags, SHARE) ? SharedFilter.parse(in.string()) : null;
    Publication publication = readPublication(in);
    return new Delivery(
        publication,
        Qos.of(flags & QOS_MASK),
        isSet(flags, RETAIN),
        ids,
        share,
        isSet(flags, REPLAYED));
  }

  public static void write(Subscription subscription, Buffer out) {
    write(subscription, new BinaryWriter(out));
  }

  public static void write(Subscription subscription, BinaryWriter out) {
    out.u8(VERSION);
    out.u8(
        subscription.maxQos().level()
            | bit(subscription.noLocal(), NO_LOCAL)
            | bit(subscription.retainAsPublished(), AS_PUBLISHED)
            | subscription.retainHandling().ordinal() << RETAIN_HANDLING_SHIFT);
    out.varint(subscription.subscriptionId());
    out.string(subscription.filter().toString());
  }

  public static Subscription readSubscription(BinaryReader in) {
    requireVersion(in);
    int flags = in.u8();
    int handling = flags >>> RETAIN_HANDLING_SHIFT;
    if (handling >= RETAIN_HANDLING.length) {
      throw new IllegalArgumentException("unknown retain handling " + handling);
    }
    int subscriptionId = in.varint32();
    return new Subscription(
        SharedFilter.parse(in.string()),
        Qos.of(flags & QOS_MASK),
        isSet(flags, NO_LOCAL),
        isSet(flags, AS_PUBLISHED),
        RETAIN_HANDLING[handling],
        subscriptionId);
  }

  public static void write(Will will, Buffer out) {
    write(will, new BinaryWriter(out));
  }

  public static void write(Will will, BinaryWriter out) {
    boolean expires = will.messageExpirySeconds() != Will.NO_EXPIRY;
    boolean properties = !will.properties().isEmpty();
    out.u8(VERSION);
    out.u8(
        will.qos().level()
            | bit(will.retain(), RETAIN)
            | bit(expires, EXPIRES)
            | bit(properties, PROPERTIES));
    out.string(will.topic().value()).varint(will.delaySeconds());
    if (expires) {
      out.varint(will.messageExpirySeconds());
    }
    if (properties) {
      writeProperties(will.properties(), out);
    }
    out.bytes(will.payload());
  }

  public static Will readWill(BinaryReader in) {
    requireVersion(in);
    int flags = flags(in, QOS_MASK | RETAIN | EXPIRES | PROPERTIES);
    TopicName topic = TopicName.of(in.string());
    long delaySeconds = in.varint();
    long expirySeconds = isSet(flags, EXPIRES) ? in.varint() : Will.NO_EXPIRY;
    PublicationProperties properties =
        isSet(flags, PROPERTIES) ? readProperties(in) : PublicationProperties.NONE;
    Qos qos = Qos.of(flags & QOS_MASK);
    boolean retain = isSet(flags, RETAIN);
    return new Will(topic, in.bytes(), qos, retain, delaySeconds, expirySeconds, properties);
  }

  private static void writeProperties(PublicationProperties properties, BinaryWriter out) {
    out.u8(properties.payloadFormat().code());
    out.nullableString(properties.contentType());
    out.nullableString(properties.responseTopic());
    out.nullableBytes(properties.correlationData());
    out.varint(properties.userProperties().size());
    for (UserProperty property : properties.userProperties()) {
      out.string(property.name()).string(property.value());
    }
  }

  private static PublicationProperties readProperties(BinaryReader in) {
    PayloadFormat payloadFormat = PayloadFormat.of(in.u8());
    String contentType = in.nullableString();
    String responseTopic = in.nullableString();
    Buffer correlationData = in.nullableBytes();
    int count = in.count(2);
    List<UserProperty> userProperties = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      userProperties.add(new UserProperty(in.string(), in.string()));
    }
    return new PublicationProperties(
        payloadFormat, contentType, responseTopic, correlationData, userProperties);
  }

  private static void requireVersion(BinaryReader in) {
    int version = in.u8();
    if (version < VERSION_MIN || version > VERSION) {
      throw new IllegalArgumentException("unknown layout version " + version);
    }
  }

  private static int flags(BinaryReader in, int known) {
    int flags = in.u8();
    if ((flags & ~known) != 0) {
      throw new IllegalArgumentException("unknown flags " + Integer.toBinaryString(flags));
    }
    return flags;
  }

  private static int bit(boolean set, int bit) {
    return set ? bit : 0;
  }

  private static boolean isSet(int flags, int bit) {
    return (flags & bit) != 0;
  }
}
