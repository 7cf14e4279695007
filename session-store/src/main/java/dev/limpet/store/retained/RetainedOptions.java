package dev.limpet.store.retained;

/**
 * The bounds of the retained publications of a cluster. Immutable.
 *
 * @param topicsMax most topics with a retained publication in the cluster; another one is not
 *     retained, and counted; default 1,000,000
 * @param bytesMax the same in bytes; default 1 GiB
 * @param searchesMax most wildcard searches that wait on this node; one more fails and is counted;
 *     default 1,000
 */
public record RetainedOptions(int topicsMax, long bytesMax, int searchesMax) {

  /** What the parameters name as default. */
  public static final RetainedOptions DEFAULT = new RetainedOptions(1_000_000, 1L << 30, 1_000);

  /**
   * @throws IllegalArgumentException on a bound that is negative, or leaves no room for a search
   */
  public RetainedOptions {
    if (topicsMax < 0 || bytesMax < 0 || searchesMax < 1) {
      throw new IllegalArgumentException("a bound of retained publications is too small");
    }
  }

  /** These, but for how much is kept. */
  public RetainedOptions withBounds(int newTopicsMax, long newBytesMax) {
    return new RetainedOptions(newTopicsMax, newBytesMax, searchesMax);
  }
}
