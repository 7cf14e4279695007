package dev.limpet.store.write;

import dev.limpet.broker.mqtt.BinaryReader;
import dev.limpet.broker.mqtt.BinaryWriter;
import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.mqtt.NodeId;
import dev.limpet.broker.mqtt.PublicationFormat;
import dev.limpet.broker.mqtt.PublicationId;
import dev.limpet.broker.mqtt.Subscription;
import dev.limpet.broker.spi.Claim;
import dev.limpet.broker.spi.durable.DurableSession;
import dev.limpet.broker.spi.durable.InboxState;
import dev.limpet.broker.spi.durable.SessionState;
import dev.limpet.broker.spi.durable.StoredDelivery;
import dev.limpet.broker.spi.durable.StoredEntry;
import dev.limpet.broker.spi.store.Progress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Defines the binary form of a session and of its parts. Stateless. Every {@code read} throws
 * {@link IllegalArgumentException} on malformed bytes.
 *
 * <p>Not Hazelcast's Compact format: that has to spread a schema through the cluster, and blocks
 * the thread that first writes a class until all members have it.
 */
public final class SessionFormat {
  /** The layout written. A new field is added at the end, under a higher version. */
  static final int VERSION = 3;

  /** Did not say how the session began. */
  private static final int OF_UNKNOWN_BEGINNING = 2;

  /** Had the deliveries of an inbox as {@link PublicationFormat} writes them. */
  private static final int OF_OBJECTS = 1;

  private SessionFormat() {}

  public static void write(DurableSession session, BinaryWriter out) {
    SessionState state = session.state();
    out.u8(VERSION);
    out.int64(state.opened().epoch());
    writeNullable(state.opened().host(), out);
    out.flag(state.opened().resumed());
    out.varint(state.expiry().seconds()).int64(state.expiry().atMillis());
    out.varint(state.sentThrough());
    writeSubscriptions(state.subscriptions(), out);
    writeReceived(state.received(), out);
    write(state.inbox(), out);
    out.int64(state.begun().incarnation()).int64(state.begun().epoch());
    out.flag(state.begun().cleanStart());
  }

  public static DurableSession readSession(BinaryReader in) {
    int version = in.u8();
    if (version < OF_OBJECTS || version > VERSION) {
      throw new IllegalArgumentException("unknown layout of a session: " + version);
    }
    var opened = new SessionState.Opened(in.int64(), readNullableNode(in), in.flag());
    var expiry = new SessionState.Expiry(in.varint(), in.int64());
    long sentThrough = in.varint();
    List<Subscription> subscriptions = readSubscriptions(in);
    Map<Integer, PublicationId> received = readReceived(in);
    InboxState inbox = readInbox(in, version);
    SessionState.Begun begun =
        version <= OF_UNKNOWN_BEGINNING
            ? SessionState.Begun.UNKNOWN
            : new SessionState.Begun(in.int64(), in.int64(), in.flag());
    return DurableSession.of(
        new SessionState(begun, opened, expiry, sentThrough, subscriptions, received, inbox));
  }

  private static void write(InboxState inbox, BinaryWriter out) {
    out.varint(inbox.nextSequence());
    writeEntries(inbox.entries(), out);
    writeNumbers(inbox.released(), out);
    out.varint(inbox.recent().size());
    inbox.recent().forEach(id -> write(id, out));
  }

  private static InboxState readInbox(BinaryReader in, int version) {
    return new InboxState(
        in.varint(),
        version == OF_OBJECTS ? readDeliveries(in) : readEntries(in),
        readNumbers(in),
        readList(in, SessionFormat::readPublicationId));
  }

  static void writeEntries(Collection<StoredEntry> entries, BinaryWriter out) {
    out.varint(entries.size());
    for (StoredEntry entry : entries) {
      out.varint(entry.sequence());
      entry.delivery().write(out);
    }
  }

  static List<StoredEntry> readEntries(BinaryReader in) {
    return readList(in, from -> new StoredEntry(from.varint(), StoredDelivery.read(from)));
  }

  private static List<StoredEntry> readDeliveries(BinaryReader in) {
    return readList(
        in,
        from ->
            new StoredEntry(
                from.varint(), StoredDelivery.of(PublicationFormat.readDelivery(from))));
  }

  static void writeSubscriptions(Collection<Subscription> subscriptions, BinaryWriter out) {
    out.varint(subscriptions.size());
    subscriptions.forEach(subscription -> PublicationFormat.write(subscription, out));
  }

  static List<Subscription> readSubscriptions(BinaryReader in) {
    return readList(in, PublicationFormat::readSubscription);
  }

  static void writeReceived(Map<Integer, PublicationId> received, BinaryWriter out) {
    out.varint(received.size());
    received.forEach(
        (packetId, id) -> {
          out.varint(packetId);
          write(id, out);
        });
  }

  static Map<Integer, PublicationId> readReceived(BinaryReader in) {
    int count = in.count(2);
    Map<Integer, PublicationId> received = new HashMap<>();
    for (int i = 0; i < count; i++) {
      received.put(in.varint32(), readPublicationId(in));
    }
    return received;
  }

  public static void write(Progress progress, BinaryWriter out) {
    writeNumbers(progress.acknowledged(), out);
    writeNumbers(progress.released(), out);
    writeNumbers(progress.completed(), out);
    out.varint(progress.receivedDone().size());
    progress.receivedDone().forEach(out::varint);
    out.varint(progress.sentThrough());
  }

  static Progress readProgress(BinaryReader in) {
    return new Progress(
        readNumbers(in),
        readNumbers(in),
        readNumbers(in),
        readList(in, BinaryReader::varint32),
        in.varint());
  }

  public static void write(Claim claim, BinaryWriter out) {
    out.string(claim.clientId().value());
    write(claim.host(), out);
    out.int64(claim.epoch());
  }

  static Claim readClaim(BinaryReader in) {
    return new Claim(ClientId.of(in.string()), readNode(in), in.int64());
  }

  private static void write(NodeId node, BinaryWriter out) {
    out.string(node.name()).int64(node.incarnation());
  }

  private static NodeId readNode(BinaryReader in) {
    return new NodeId(in.string(), in.int64());
  }

  static void writeNullable(@Nullable NodeId node, BinaryWriter out) {
    out.flag(node != null);
    if (node != null) {
      write(node, out);
    }
  }

  static @Nullable NodeId readNullableNode(BinaryReader in) {
    return in.flag() ? readNode(in) : null;
  }

  public static void write(PublicationId id, BinaryWriter out) {
    out.int64(id.origin()).varint(id.sequence());
  }

  public static PublicationId readPublicationId(BinaryReader in) {
    return new PublicationId(in.int64(), in.varint());
  }

  static void writeNumbers(Collection<Long> numbers, BinaryWriter out) {
    out.varint(numbers.size());
    numbers.forEach(out::varint);
  }

  static List<Long> readNumbers(BinaryReader in) {
    return readList(in, BinaryReader::varint);
  }

  private static <T> List<T> readList(BinaryReader in, Function<BinaryReader, T> element) {
    int count = in.count(1);
    List<T> list = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      list.add(element.apply(in));
    }
    return list;
  }
}
