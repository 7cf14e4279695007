package dev.limpet.broker.solo;

import dev.limpet.broker.spi.InboxContract;
import dev.limpet.broker.spi.durable.InboxLimits;
import dev.limpet.broker.spi.store.SessionStore;
import java.util.function.LongSupplier;

class HeapInboxTest extends InboxContract {
  private HeapSessionStore heap;

  @Override
  protected SessionStore createStore(InboxLimits limits, LongSupplier wallMillis) {
    heap = new HeapSessionStore(limits, wallMillis);
    return heap;
  }

  @Override
  protected long overflowDropped() {
    return heap.overflowDropped();
  }
}
