package dev.limpet.cluster.view;

/** Says what a node does that is cut off from others. */
public enum SplitMode {
  /** Only a side with a majority of the last view serves clients. */
  CONSISTENT,
  /** Every side serves; what both have acknowledged is united afterwards. */
  AVAILABLE
}
