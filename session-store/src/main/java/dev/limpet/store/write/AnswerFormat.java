package dev.limpet.store.write;

import dev.limpet.broker.mqtt.BinaryReader;
import dev.limpet.broker.mqtt.BinaryWriter;
import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.spi.durable.StoredSlice;
import dev.limpet.broker.spi.store.InboxSlice;
import dev.limpet.broker.spi.store.SessionImage;
import dev.limpet.broker.spi.store.StoredSession;

/** Defines the binary form of answers by a session's owner. Stateless. */
public final class AnswerFormat {
  private AnswerFormat() {}

  static void write(StoredSession session, BinaryWriter out) {
    out.flag(session.present());
    SessionFormat.writeSubscriptions(session.subscriptions(), out);
    SessionFormat.writeNumbers(session.released(), out);
    SessionFormat.writeReceived(session.received(), out);
    out.varint(session.sentThrough());
  }

  public static StoredSession readStoredSession(BinaryReader in) {
    return new StoredSession(
        in.flag(),
        SessionFormat.readSubscriptions(in),
        SessionFormat.readNumbers(in),
        SessionFormat.readReceived(in),
        in.varint());
  }

  static void write(StoredSlice slice, BinaryWriter out) {
    SessionFormat.writeEntries(slice.entries(), out);
    out.flag(slice.more()).varint(slice.sentThrough());
  }

  public static InboxSlice readSlice(BinaryReader in) {
    return new StoredSlice(SessionFormat.readEntries(in), in.flag(), in.varint()).slice();
  }

  static void write(SessionImage image, BinaryWriter out) {
    out.int64(image.epoch());
    SessionFormat.writeNullable(image.host(), out);
    out.int64(image.expiresAtMillis()).varint(image.inboxDepth()).varint(image.lastSequence());
    SessionFormat.writeSubscriptions(image.subscriptions(), out);
  }

  public static SessionImage readImage(ClientId clientId, BinaryReader in) {
    return new SessionImage(
        clientId,
        in.int64(),
        SessionFormat.readNullableNode(in),
        in.int64(),
        in.varint32(),
        in.varint(),
        SessionFormat.readSubscriptions(in));
  }
}
