package dev.limpet.store.retained;

/**
 * Bounds the retained publications of a cluster. Immutable.
 *
 * @param topicsMax most topics with a retained publication in the cluster; another one is not
 *     retained, and counted; default 1,000,000
 * @param bytesMax the same in bytes; default 1 GiB
 * @param searchesMax most wildcard searches that wait on this node; one more fails and is counted;
 *     default 1,000
 */
public record RetainedOptions(int topicsMax, long bytesMax, int searchesMax) {

  /** The defaults named by the parameters. */
  public static final RetainedOptions DEFAULT = new RetainedOptions(1_000_000, 1L << 30, 1_000);

  /**
   * @throws IllegalArgumentException on a bound that is negative, or leaves no room for a search
   */
  public RetainedOptions {
    if (topicsMax < 0 || bytesMax < 0 || searchesMax < 1) {
      throw new IllegalArgumentException("a bound of retained publications is too small");
    }
  }

  /** A builder that starts from the defaults. */
  public static Builder builder() {
    return DEFAULT.toBuilder();
  }

  /** A builder that starts from these values. */
  public Builder toBuilder() {
    return new Builder(this);
  }

  /** Collects changes to the values it starts from. Confined to its caller. */
  public static final class Builder {
    private int topicsMax;
    private long bytesMax;
    private int searchesMax;

    private Builder(RetainedOptions from) {
      topicsMax = from.topicsMax;
      bytesMax = from.bytesMax;
      searchesMax = from.searchesMax;
    }

    public Builder topicsMax(int value) {
      topicsMax = value;
      return this;
    }

    public Builder bytesMax(long value) {
      bytesMax = value;
      return this;
    }

    public Builder searchesMax(int value) {
      searchesMax = value;
      return this;
    }

    /**
     * The options.
     *
     * @throws IllegalArgumentException if a value is out of its bounds
     */
    public RetainedOptions build() {
      return new RetainedOptions(topicsMax, bytesMax, searchesMax);
    }
  }
}
