package dev.limpet.cluster.watchdog;

import java.util.Optional;

/** Looks whether one part of the node goes on. Confined to the watchdog's thread. */
interface Probe {

  /** What stands still now; empty when all is well. Does not block. */
  Optional<Symptom> look();

  /** Does what may heal it; on a thread of its own, and may block. */
  default void heal() {}
}
