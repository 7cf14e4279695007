package dev.limpet.store.write;

import dev.limpet.broker.mqtt.BinaryReader;
import dev.limpet.broker.mqtt.BinaryWriter;
import dev.limpet.broker.spi.Claim;
import dev.limpet.broker.spi.durable.SessionCell;
import dev.limpet.broker.spi.store.StoredSession;
import java.util.Optional;

/**
 * Performs {@code SessionStore.open}; answers a flag and, unless fenced, a {@link StoredSession}.
 */
public record OpenSession(Claim claim, boolean cleanStart, long expirySeconds, long nowMillis)
    implements SessionWrite {
  static final int KIND = 1;

  @Override
  public int kind() {
    return KIND;
  }

  @Override
  public void write(BinaryWriter out) {
    SessionFormat.write(claim, out);
    out.flag(cleanStart).varint(expirySeconds).int64(nowMillis);
  }

  static OpenSession read(BinaryReader in) {
    return new OpenSession(SessionFormat.readClaim(in), in.flag(), in.varint(), in.int64());
  }

  @Override
  public void apply(SessionCell cell, BinaryWriter answer) {
    Optional<StoredSession> stored = cell.open(claim, cleanStart, expirySeconds, nowMillis);
    answer.flag(stored.isPresent());
    stored.ifPresent(session -> AnswerFormat.write(session, answer));
  }
}
