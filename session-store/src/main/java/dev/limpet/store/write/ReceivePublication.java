package dev.limpet.store.write;

import dev.limpet.broker.mqtt.BinaryReader;
import dev.limpet.broker.mqtt.BinaryWriter;
import dev.limpet.broker.mqtt.PublicationId;
import dev.limpet.broker.spi.durable.SessionCell;

/** Performs {@code SessionStore.receive}; answers a flag, false when fenced. */
public record ReceivePublication(long epoch, int packetId, PublicationId publicationId)
    implements SessionWrite {
  static final int KIND = 5;

  @Override
  public int kind() {
    return KIND;
  }

  @Override
  public void write(BinaryWriter out) {
    out.int64(epoch).varint(packetId);
    SessionFormat.write(publicationId, out);
  }

  static ReceivePublication read(BinaryReader in) {
    return new ReceivePublication(in.int64(), in.varint32(), SessionFormat.readPublicationId(in));
  }

  @Override
  public void apply(SessionCell cell, BinaryWriter answer) {
    answer.flag(cell.receive(epoch, packetId, publicationId));
  }
}
