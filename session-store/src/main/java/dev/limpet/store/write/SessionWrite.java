package dev.limpet.store.write;

import dev.limpet.broker.mqtt.BinaryReader;
import dev.limpet.broker.mqtt.BinaryWriter;
import dev.limpet.broker.spi.durable.SessionCell;

/**
 * Represents one write to one session, as sent to the owner of its partition and on to the backup.
 *
 * <p>Immutable and deterministic: the time is part of the write, so that the backup computes the
 * same session. Applying a write twice leaves what applying it once left.
 */
public sealed interface SessionWrite
    permits OpenSession,
        ChangeSubscriptions,
        AppendToInbox,
        ReplayToInbox,
        AcknowledgeInbox,
        ReceivePublication,
        CloseSession,
        CloseOrphan,
        ReopenSession,
        ExpireSession {

  /** The number that stands for this kind of write in the binary form; never used anew. */
  int kind();

  /** Writes the form that {@link #read} of the same kind reads. */
  void write(BinaryWriter out);

  /** Changes the session and writes the caller's answer. Must not fail half-way. */
  void apply(SessionCell cell, BinaryWriter answer);

  /** An estimate of the memory it holds while it waits. */
  default int bytes() {
    return 128;
  }

  static SessionWrite read(BinaryReader in) {
    int kind = in.u8();
    return switch (kind) {
      case OpenSession.KIND -> OpenSession.read(in);
      case ChangeSubscriptions.KIND -> ChangeSubscriptions.read(in);
      case AppendToInbox.KIND -> AppendToInbox.read(in);
      case AcknowledgeInbox.KIND -> AcknowledgeInbox.read(in);
      case ReceivePublication.KIND -> ReceivePublication.read(in);
      case CloseSession.KIND -> CloseSession.read(in);
      case CloseOrphan.KIND -> CloseOrphan.read(in);
      case ExpireSession.KIND -> ExpireSession.read(in);
      case ReplayToInbox.KIND -> ReplayToInbox.read(in);
      case ReopenSession.KIND -> ReopenSession.read(in);
      default -> throw new IllegalArgumentException("unknown kind of write " + kind);
    };
  }
}
