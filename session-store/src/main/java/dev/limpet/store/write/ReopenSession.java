package dev.limpet.store.write;

import dev.limpet.broker.mqtt.BinaryReader;
import dev.limpet.broker.mqtt.BinaryWriter;
import dev.limpet.broker.mqtt.PublicationId;
import dev.limpet.broker.spi.Claim;
import dev.limpet.broker.spi.durable.SessionCell;
import org.jspecify.annotations.Nullable;

/** Performs {@code SessionStore.reopen}; answers a flag, false when fenced. */
public record ReopenSession(Claim claim, @Nullable PublicationId lastRead) implements SessionWrite {
  static final int KIND = 10;

  @Override
  public int kind() {
    return KIND;
  }

  @Override
  public void write(BinaryWriter out) {
    SessionFormat.write(claim, out);
    out.flag(lastRead != null);
    if (lastRead != null) {
      SessionFormat.write(lastRead, out);
    }
  }

  static ReopenSession read(BinaryReader in) {
    return new ReopenSession(
        SessionFormat.readClaim(in), in.flag() ? SessionFormat.readPublicationId(in) : null);
  }

  @Override
  public void apply(SessionCell cell, BinaryWriter answer) {
    answer.flag(cell.reopen(claim, lastRead));
  }
}
