package dev.limpet.cluster.sim;

/** Faults planted into a simulated cluster to prove that its invariants find them. */
enum Planted {
  NOTHING,
  /** A node goes on with connections that others have taken over, also when it is cut off. */
  SKIPPED_FENCING,
  /** An append is acknowledged while its backup is still to be made. */
  EARLY_ACKNOWLEDGEMENT,
  /** A node loses some of what a peer has advertised, and no digest tells it so. */
  FORGOTTEN_ROUTE,
  /** A merge keeps the session with the higher epoch whole, of equal ones the smaller side's. */
  EMPTY_OVER_FULL,
  /** The will of a dead host is published, and stays in the directory to be taken again. */
  DOUBLE_WILL,
  /** A reader gets what no backup has yet. A known weakness: the product's readers do so. */
  UNSAFE_READ
}
