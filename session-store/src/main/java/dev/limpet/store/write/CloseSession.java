package dev.limpet.store.write;

import dev.limpet.broker.mqtt.BinaryReader;
import dev.limpet.broker.mqtt.BinaryWriter;
import dev.limpet.broker.spi.durable.SessionCell;
import dev.limpet.broker.spi.store.Progress;

/** Performs {@code SessionStore.close}; answers a flag, false when fenced. */
public record CloseSession(long epoch, Progress last, long expirySeconds, long nowMillis)
    implements SessionWrite {
  static final int KIND = 6;

  @Override
  public int kind() {
    return KIND;
  }

  @Override
  public void write(BinaryWriter out) {
    out.int64(epoch).varint(expirySeconds).int64(nowMillis);
    SessionFormat.write(last, out);
  }

  static CloseSession read(BinaryReader in) {
    long epoch = in.int64();
    long expirySeconds = in.varint();
    long nowMillis = in.int64();
    return new CloseSession(epoch, SessionFormat.readProgress(in), expirySeconds, nowMillis);
  }

  @Override
  public void apply(SessionCell cell, BinaryWriter answer) {
    answer.flag(cell.close(epoch, last, expirySeconds, nowMillis));
  }
}
