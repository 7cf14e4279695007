package dev.limpet.store.write;

import dev.limpet.broker.mqtt.BinaryReader;
import dev.limpet.broker.mqtt.BinaryWriter;
import dev.limpet.broker.spi.Claim;
import dev.limpet.broker.spi.durable.SessionCell;

/** Performs {@code SessionStore.reopen}; answers a flag, false when fenced. */
public record ReopenSession(Claim claim) implements SessionWrite {
  static final int KIND = 10;

  @Override
  public int kind() {
    return KIND;
  }

  @Override
  public void write(BinaryWriter out) {
    SessionFormat.write(claim, out);
  }

  static ReopenSession read(BinaryReader in) {
    return new ReopenSession(SessionFormat.readClaim(in));
  }

  @Override
  public void apply(SessionCell cell, BinaryWriter answer) {
    answer.flag(cell.reopen(claim));
  }
}
