package dev.limpet.broker.spi.store;

import java.util.List;

/**
 * Part of an inbox, in order. Immutable.
 *
 * @param more whether entries follow that did not fit the bounds asked for
 * @param sentThrough highest sequence that may have been sent to the client
 */
public record InboxSlice(List<InboxEntry> entries, boolean more, long sentThrough) {

  public InboxSlice {
    entries = List.copyOf(entries);
  }
}
