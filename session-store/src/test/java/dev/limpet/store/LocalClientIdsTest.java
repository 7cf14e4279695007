package dev.limpet.store;

import static dev.limpet.broker.spi.Samples.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.mqtt.NodeId;
import dev.limpet.broker.spi.Claim;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class LocalClientIdsTest {

  @Test
  void a_node_finds_the_sessions_it_owns_and_after_a_crash_those_it_inherited() {
    try (Members members = new Members(2);
        HazelcastSessionStore store =
            new HazelcastSessionStore(
                members.get(1),
                StoreOptions.DEFAULT,
                System::currentTimeMillis,
                new SimpleMeterRegistry())) {
      ClientId mine = members.clientOwnedBy(1);
      ClientId other = members.clientOwnedBy(0);
      await(store.open(new Claim(mine, new NodeId("n", 1), 1), true, 60));
      await(store.open(new Claim(other, new NodeId("n", 1), 1), true, 60));
      assertThat(store.localClientIds()).containsExactly(mine);
      members.crash(0);
      Awaitility.await()
          .untilAsserted(
              () -> assertThat(store.localClientIds()).containsExactlyInAnyOrder(mine, other));
    }
  }
}
