package dev.limpet.store.write;

import dev.limpet.broker.mqtt.BinaryReader;
import dev.limpet.broker.mqtt.BinaryWriter;
import dev.limpet.broker.spi.Claim;
import dev.limpet.broker.spi.durable.SessionCell;

/** Performs {@code SessionStore.closeOrphan}; answers true. */
public record CloseOrphan(Claim orphan, long nowMillis) implements SessionWrite {
  static final int KIND = 7;

  @Override
  public int kind() {
    return KIND;
  }

  @Override
  public void write(BinaryWriter out) {
    SessionFormat.write(orphan, out);
    out.int64(nowMillis);
  }

  static CloseOrphan read(BinaryReader in) {
    return new CloseOrphan(SessionFormat.readClaim(in), in.int64());
  }

  @Override
  public void apply(SessionCell cell, BinaryWriter answer) {
    cell.closeOrphan(orphan, nowMillis);
    answer.flag(true);
  }
}
