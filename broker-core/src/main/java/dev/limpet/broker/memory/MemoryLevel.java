package dev.limpet.broker.memory;

/** Grades how short memory is. */
public enum MemoryLevel {
  /** Enough memory. */
  NORMAL,
  /** Deliveries at QoS 0 are dropped instead of queued. */
  SHEDDING,
  /** New connections are refused, too. */
  REFUSING
}
