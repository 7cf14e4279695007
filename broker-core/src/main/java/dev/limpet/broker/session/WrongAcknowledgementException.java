package dev.limpet.broker.session;

/**
 * Reports an acknowledgement of another kind than a packet id awaits. Its sender has lost track of
 * its deliveries, so its connection must be closed. Has no stack trace: floods are cheap.
 */
public final class WrongAcknowledgementException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  WrongAcknowledgementException(AcknowledgementKind kind, int packetId, String state) {
    super(kind + " for packet id " + packetId + ", which " + state, null, false, false);
  }
}
