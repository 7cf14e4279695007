package dev.limpet.store;

import dev.limpet.broker.spi.StoreUsage;
import dev.limpet.broker.spi.durable.InboxTally;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One counting of all inboxes of a member, while they go on changing: each is counted once, when it
 * is measured or when it changes, whichever comes first, and its changes from then on.
 *
 * <p>Thread-safe: guarded by this object's lock. What is said of one inbox is said on its
 * partition's thread, so that it has an order.
 */
final class InboxCensus {
  private final InboxTally tally;
  private final Set<String> changedEarly = new HashSet<>();

  /** Inboxes not counted yet; any other began empty since. */
  private @Nullable Set<String> pending;

  private long messages;
  private long bytes;
  private boolean over;

  /**
   * @param tally which is told of changes as before, and of the result
   */
  InboxCensus(InboxTally tally) {
    this.tally = tally;
  }

  /**
   * Says which inboxes there are.
   *
   * @param clientIds looked for after this object began to hear of changes
   */
  synchronized void begin(Set<String> clientIds) {
    Set<String> uncounted = new HashSet<>(clientIds);
    uncounted.removeAll(changedEarly);
    pending = uncounted;
    changedEarly.clear();
  }

  /** What an inbox holds. */
  synchronized void measured(String clientId, StoreUsage inbox) {
    if (!over && pending != null && pending.remove(clientId)) {
      messages += inbox.messages();
      bytes += inbox.bytes();
    }
  }

  /** A write has changed an inbox. */
  synchronized void changed(InboxChange change) {
    tally.add(change.moreMessages(), change.moreBytes());
    if (over) {
      return;
    }
    String id = change.clientId();
    boolean first = pending == null ? changedEarly.add(id) : pending.remove(id);
    messages += first ? change.messages() : change.moreMessages();
    bytes += first ? change.bytes() : change.moreBytes();
  }

  /** All have been measured: the tally holds what was counted. */
  synchronized void end() {
    StoreUsage before = tally.usage();
    tally.add(messages - before.messages(), bytes - before.bytes());
    over = true;
  }
}
