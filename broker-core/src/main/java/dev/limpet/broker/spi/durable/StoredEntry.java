package dev.limpet.broker.spi.durable;

import dev.limpet.broker.spi.store.InboxEntry;

/** A delivery in an inbox under its sequence. Immutable. */
public record StoredEntry(long sequence, StoredDelivery delivery) {

  /** The same for readers. */
  public InboxEntry entry() {
    return new InboxEntry(sequence, delivery.delivery());
  }
}
