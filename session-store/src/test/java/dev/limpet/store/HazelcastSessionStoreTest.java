package dev.limpet.store;

import dev.limpet.broker.spi.SessionStoreContract;
import dev.limpet.broker.spi.durable.InboxLimits;
import dev.limpet.broker.spi.store.SessionStore;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;

class HazelcastSessionStoreTest extends SessionStoreContract {
  private static Members members;
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private HazelcastSessionStore opened;

  @BeforeAll
  static void start() {
    members = new Members(2);
  }

  @AfterAll
  static void stop() {
    members.close();
  }

  @Override
  protected SessionStore createStore(InboxLimits limits, LongSupplier wallMillis) {
    StoreOptions options = StoreOptions.builder().inbox(limits).build();
    opened = new HazelcastSessionStore(members.get(0), options, wallMillis, registry);
    return opened;
  }

  @Override
  protected long overflowDropped() {
    return (long) registry.counter("limpet.store.inbox.dropped").count();
  }

  @AfterEach
  void close() {
    opened.close();
  }
}
