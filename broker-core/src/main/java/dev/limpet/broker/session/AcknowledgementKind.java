package dev.limpet.broker.session;

/** The four packets that acknowledge. */
public enum AcknowledgementKind {
  PUBACK,
  PUBREC,
  PUBREL,
  PUBCOMP
}
