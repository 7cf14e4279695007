package dev.limpet.broker.spi.durable;

import dev.limpet.broker.spi.store.InboxSlice;
import java.util.List;

/**
 * Holds part of an inbox in stored form: an {@link InboxSlice} not decoded yet. Immutable.
 *
 * @param more whether entries follow that did not fit the bounds asked for
 * @param sentThrough highest sequence that may have been sent to the client
 */
public record StoredSlice(List<StoredEntry> entries, boolean more, long sentThrough) {

  public StoredSlice {
    entries = List.copyOf(entries);
  }

  /** The same for readers. */
  public InboxSlice slice() {
    return new InboxSlice(entries.stream().map(StoredEntry::entry).toList(), more, sentThrough);
  }
}
