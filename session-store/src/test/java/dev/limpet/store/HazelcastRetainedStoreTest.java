package dev.limpet.store;

import dev.limpet.broker.spi.RetainedStore;
import dev.limpet.broker.spi.RetainedStoreContract;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;

class HazelcastRetainedStoreTest extends RetainedStoreContract {
  private static Members members;
  private HazelcastRetainedStore opened;

  @BeforeAll
  static void start() {
    members = new Members(2);
  }

  @AfterAll
  static void stop() {
    members.close();
  }

  @Override
  protected RetainedStore createStore(LongSupplier wallMillis) {
    members.get(0).getMap(StoreMaps.RETAINED).clear();
    opened =
        new HazelcastRetainedStore(
            members.get(0), StoreOptions.DEFAULT, wallMillis, new SimpleMeterRegistry());
    return opened;
  }

  @AfterEach
  void close() {
    opened.close();
  }
}
