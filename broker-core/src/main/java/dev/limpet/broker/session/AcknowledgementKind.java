package dev.limpet.broker.session;

/** Names the four acknowledgement packets. */
public enum AcknowledgementKind {
  PUBACK,
  PUBREC,
  PUBREL,
  PUBCOMP
}
