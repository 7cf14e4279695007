package dev.limpet.broker.spi;

import java.util.List;

/**
 * Part of an inbox, in order. Immutable.
 *
 * @param more whether entries follow that did not fit the bounds asked for
 */
public record InboxSlice(List<InboxEntry> entries, boolean more) {

  public InboxSlice {
    entries = List.copyOf(entries);
  }
}
