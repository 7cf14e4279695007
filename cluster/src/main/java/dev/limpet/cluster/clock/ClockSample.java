package dev.limpet.cluster.clock;

/**
 * What one round trip to a peer told. Immutable.
 *
 * @param roundTripMillis rounded up
 * @param clusterAheadMillis the peer's cluster time minus this node's steady clock, halfway
 * @param wallAheadMillis the peer's wall clock minus this node's, halfway
 * @param peerIsSet whether the peer knew the cluster's time
 * @param heardNanos when the answer came, by this node's steady clock
 */
record ClockSample(
    long roundTripMillis,
    long clusterAheadMillis,
    long wallAheadMillis,
    boolean peerIsSet,
    long heardNanos) {

  /** The answer may have been given at any moment of the round trip. */
  long errorMillis() {
    return roundTripMillis / 2 + 1;
  }

  /** Whether both can be right at once. */
  boolean agreesWith(ClockSample other) {
    return peerIsSet == other.peerIsSet
        && Math.abs(clusterAheadMillis - other.clusterAheadMillis)
            <= errorMillis() + other.errorMillis();
  }
}
