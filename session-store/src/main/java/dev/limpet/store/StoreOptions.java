package dev.limpet.store;

import dev.limpet.broker.spi.durable.InboxLimits;

/**
 * The bounds of a node's store. Immutable.
 *
 * @param inbox of each inbox; default {@link InboxLimits#DEFAULT}
 * @param batchWritesMax most writes to sessions of one partition in one operation; default 256:
 *     beyond, an operation keeps its partition's thread from others longer than it saves
 * @param batchBytesMax most bytes of deliveries in one operation (but for the first); default 1
 *     MiB, for the same reason
 * @param pendingBytesMax most bytes of writes that wait or are under way on this node; a write
 *     beyond fails and is counted; default 64 MiB, or a 16th of the heap if that is less
 * @param attemptsMax how often an operation is tried whose outcome is not known; default 6
 * @param retryBackoffMillis pause before the second try, doubled for each further one; default 50,
 *     so that six tries outlast a promotion of backups (below a second)
 * @param queriesMax most wildcard searches of retained publications that wait; one more fails and
 *     is counted; default 1,000
 * @param nodeInboxMessagesMax most deliveries in all inboxes a node owns; what comes more is
 *     dropped and counted; default 5,000,000
 * @param nodeInboxBytesMax the same in bytes; default 1 GiB
 * @param retainedTopicsMax most topics with a retained publication in the cluster; another one is
 *     not retained, and counted; default 1,000,000
 * @param retainedBytesMax the same in bytes; default 1 GiB
 */
public record StoreOptions(
    InboxLimits inbox,
    int batchWritesMax,
    int batchBytesMax,
    long pendingBytesMax,
    int attemptsMax,
    int retryBackoffMillis,
    int queriesMax,
    long nodeInboxMessagesMax,
    long nodeInboxBytesMax,
    int retainedTopicsMax,
    long retainedBytesMax) {

  /** What the parameters name as default. */
  public static final StoreOptions DEFAULT =
      new StoreOptions(
          InboxLimits.DEFAULT,
          256,
          1 << 20,
          Math.min(64L << 20, Runtime.getRuntime().maxMemory() / 16),
          6,
          50,
          1_000,
          5_000_000,
          1L << 30,
          1_000_000,
          1L << 30);

  public StoreOptions {
    if (batchWritesMax < 1 || batchBytesMax < 1 || pendingBytesMax < 1 || attemptsMax < 1) {
      throw new IllegalArgumentException("every bound of the store is at least 1");
    }
    if (retryBackoffMillis < 1 || queriesMax < 1 || retainedTopicsMax < 0 || retainedBytesMax < 0) {
      throw new IllegalArgumentException("a bound of the store is too small");
    }
  }

  /** These, but for the bounds of each inbox. */
  public StoreOptions withInbox(InboxLimits newInbox) {
    return new StoreOptions(
        newInbox,
        batchWritesMax,
        batchBytesMax,
        pendingBytesMax,
        attemptsMax,
        retryBackoffMillis,
        queriesMax,
        nodeInboxMessagesMax,
        nodeInboxBytesMax,
        retainedTopicsMax,
        retainedBytesMax);
  }

  /** These, but for the bounds of all inboxes of a node together. */
  public StoreOptions withNodeInboxes(long messagesMax, long bytesMax) {
    return new StoreOptions(
        inbox,
        batchWritesMax,
        batchBytesMax,
        pendingBytesMax,
        attemptsMax,
        retryBackoffMillis,
        queriesMax,
        messagesMax,
        bytesMax,
        retainedTopicsMax,
        retainedBytesMax);
  }

  /** These, but for the bounds of retained publications. */
  public StoreOptions withRetained(int topicsMax, long bytesMax) {
    return new StoreOptions(
        inbox,
        batchWritesMax,
        batchBytesMax,
        pendingBytesMax,
        attemptsMax,
        retryBackoffMillis,
        queriesMax,
        nodeInboxMessagesMax,
        nodeInboxBytesMax,
        topicsMax,
        bytesMax);
  }
}
