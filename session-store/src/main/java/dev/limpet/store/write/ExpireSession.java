package dev.limpet.store.write;

import dev.limpet.broker.mqtt.BinaryReader;
import dev.limpet.broker.mqtt.BinaryWriter;
import dev.limpet.broker.spi.durable.SessionCell;

/** Performs {@code SessionStore.expire}; answers whether the session is gone. */
public record ExpireSession(long epoch, long nowMillis) implements SessionWrite {
  static final int KIND = 8;

  @Override
  public int kind() {
    return KIND;
  }

  @Override
  public void write(BinaryWriter out) {
    out.int64(epoch).int64(nowMillis);
  }

  static ExpireSession read(BinaryReader in) {
    return new ExpireSession(in.int64(), in.int64());
  }

  @Override
  public void apply(SessionCell cell, BinaryWriter answer) {
    answer.flag(cell.expire(epoch, nowMillis));
  }
}
