package dev.limpet.broker.session;

/**
 * An acknowledgement of another kind than the one a packet id waits for. Its sender has lost count
 * of its deliveries, so its connection is to be closed. Has no stack trace: floods are cheap.
 */
public final class WrongAcknowledgementException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  WrongAcknowledgementException(AcknowledgementKind kind, int packetId, String state) {
    super(kind + " for packet id " + packetId + ", which " + state, null, false, false);
  }
}
