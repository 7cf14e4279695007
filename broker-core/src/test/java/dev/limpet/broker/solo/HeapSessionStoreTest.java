package dev.limpet.broker.solo;

import dev.limpet.broker.spi.SessionStoreContract;
import dev.limpet.broker.spi.durable.InboxLimits;
import dev.limpet.broker.spi.store.SessionStore;
import java.util.function.LongSupplier;

class HeapSessionStoreTest extends SessionStoreContract {
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
