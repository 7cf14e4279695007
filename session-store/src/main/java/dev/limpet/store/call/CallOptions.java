package dev.limpet.store.call;

/**
 * Configures how a node's store calls Hazelcast. Immutable.
 *
 * @param batchWritesMax most writes to sessions of one partition in one operation; default 256:
 *     beyond, an operation keeps its partition's thread from others longer than it saves
 * @param batchBytesMax most bytes of deliveries in one operation (but for the first); default 1
 *     MiB, for the same reason
 * @param pendingBytesMax most bytes of writes queued or in flight on this node; a write beyond
 *     fails and is counted; default 64 MiB, or a 16th of the heap if that is less
 * @param attemptsMax how often an operation is tried whose outcome is not known; default 6
 * @param retryBackoffMillis pause before the second try, doubled for each further one; default 50,
 *     so that six tries outlast a promotion of backups (below a second)
 */
public record CallOptions(
    int batchWritesMax,
    int batchBytesMax,
    long pendingBytesMax,
    int attemptsMax,
    int retryBackoffMillis) {

  /** The defaults named by the parameters. */
  public static final CallOptions DEFAULT =
      new CallOptions(
          256, 1 << 20, Math.min(64L << 20, Runtime.getRuntime().maxMemory() / 16), 6, 50);

  /**
   * @throws IllegalArgumentException on a bound below 1
   */
  public CallOptions {
    if (batchWritesMax < 1
        || batchBytesMax < 1
        || pendingBytesMax < 1
        || attemptsMax < 1
        || retryBackoffMillis < 1) {
      throw new IllegalArgumentException("every bound of the store is at least 1");
    }
  }
}
