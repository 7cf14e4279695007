package dev.limpet.store.write;

import dev.limpet.broker.mqtt.BinaryReader;
import dev.limpet.broker.mqtt.BinaryWriter;
import dev.limpet.broker.spi.durable.SessionCell;
import dev.limpet.broker.spi.store.Progress;

/** Performs {@code SessionStore.acknowledge}; answers a flag, false when fenced. */
public record AcknowledgeInbox(long epoch, Progress progress) implements SessionWrite {
  static final int KIND = 4;

  @Override
  public int kind() {
    return KIND;
  }

  @Override
  public void write(BinaryWriter out) {
    out.int64(epoch);
    SessionFormat.write(progress, out);
  }

  static AcknowledgeInbox read(BinaryReader in) {
    return new AcknowledgeInbox(in.int64(), SessionFormat.readProgress(in));
  }

  @Override
  public void apply(SessionCell cell, BinaryWriter answer) {
    answer.flag(cell.acknowledge(epoch, progress));
  }
}
