package dev.limpet.store;

import dev.limpet.broker.spi.durable.InboxLimits;
import dev.limpet.store.call.CallOptions;
import dev.limpet.store.retained.RetainedOptions;

/**
 * Holds the bounds of a node's store. Immutable.
 *
 * @param inbox of each inbox; default {@link InboxLimits#DEFAULT}
 * @param nodeInboxMessagesMax most deliveries in all inboxes a node owns; more are refused and
 *     counted; default 5,000,000
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

  /** The defaults named by the parameters. */
  public static final StoreOptions DEFAULT =
      new StoreOptions(
          InboxLimits.DEFAULT, 5_000_000, 1L << 30, CallOptions.DEFAULT, RetainedOptions.DEFAULT);

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
    private InboxLimits inbox;
    private long nodeInboxMessagesMax;
    private long nodeInboxBytesMax;
    private CallOptions calls;
    private RetainedOptions retained;

    private Builder(StoreOptions from) {
      inbox = from.inbox;
      nodeInboxMessagesMax = from.nodeInboxMessagesMax;
      nodeInboxBytesMax = from.nodeInboxBytesMax;
      calls = from.calls;
      retained = from.retained;
    }

    public Builder inbox(InboxLimits value) {
      inbox = value;
      return this;
    }

    public Builder nodeInboxMessagesMax(long value) {
      nodeInboxMessagesMax = value;
      return this;
    }

    public Builder nodeInboxBytesMax(long value) {
      nodeInboxBytesMax = value;
      return this;
    }

    public Builder calls(CallOptions value) {
      calls = value;
      return this;
    }

    public Builder retained(RetainedOptions value) {
      retained = value;
      return this;
    }

    /**
     * The options.
     *
     * @throws IllegalArgumentException if a value is out of its bounds
     */
    public StoreOptions build() {
      return new StoreOptions(inbox, nodeInboxMessagesMax, nodeInboxBytesMax, calls, retained);
    }
  }
}
