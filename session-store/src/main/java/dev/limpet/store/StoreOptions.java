package dev.limpet.store;

import dev.limpet.broker.spi.durable.InboxLimits;
import dev.limpet.store.call.CallOptions;
import dev.limpet.store.retained.RetainedOptions;

/**
 * The bounds of a node's store. Immutable.
 *
 * @param inbox of each inbox; default {@link InboxLimits#DEFAULT}
 * @param nodeInboxMessagesMax most deliveries in all inboxes a node owns; what comes more is
 *     refused and counted; default 5,000,000
 * @param nodeInboxBytesMax the same in bytes; default 1 GiB
 * @param calls of Hazelcast
 * @param retained of the cluster's retained publications
 */
public record StoreOptions(
    InboxLimits inbox,
    long nodeInboxMessagesMax,
    long nodeInboxBytesMax,
    CallOptions calls,
    RetainedOptions retained) {

  /** What the parameters name as default. */
  public static final StoreOptions DEFAULT =
      new StoreOptions(
          InboxLimits.DEFAULT, 5_000_000, 1L << 30, CallOptions.DEFAULT, RetainedOptions.DEFAULT);

  /** These, but for the bounds of each inbox. */
  public StoreOptions withInbox(InboxLimits newInbox) {
    return new StoreOptions(newInbox, nodeInboxMessagesMax, nodeInboxBytesMax, calls, retained);
  }

  /** These, but for the bounds of all inboxes of a node together. */
  public StoreOptions withNodeInboxes(long messagesMax, long bytesMax) {
    return new StoreOptions(inbox, messagesMax, bytesMax, calls, retained);
  }

  /** These, but for the bounds of retained publications. */
  public StoreOptions withRetained(int topicsMax, long bytesMax) {
    return new StoreOptions(
        inbox,
        nodeInboxMessagesMax,
        nodeInboxBytesMax,
        calls,
        retained.withBounds(topicsMax, bytesMax));
  }
}
