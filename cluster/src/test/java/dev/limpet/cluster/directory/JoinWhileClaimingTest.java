package dev.limpet.cluster.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.hazelcast.core.HazelcastInstance;
import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.mqtt.NodeId;
import dev.limpet.broker.spi.Claim;
import dev.limpet.broker.spi.cluster.ClaimView;
import dev.limpet.broker.spi.cluster.Release;
import dev.limpet.broker.spi.cluster.Release.WillFate;
import dev.limpet.cluster.member.AsyncRetry;
import dev.limpet.cluster.member.HazelcastMembership;
import dev.limpet.cluster.member.TestMembers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class JoinWhileClaimingTest {
  private static final int CLAIMS_AFTER_JOIN = 500;

  private final TestMembers members = new TestMembers(List.of(DirectoryMap::configure));

  @Test
  void what_a_lone_node_claims_while_another_joins_outlives_it() throws Exception {
    try (members) {
      HazelcastSessionDirectory first = directory(members.start("first"), 0);
      AtomicBoolean joined = new AtomicBoolean();
      CompletableFuture<List<Claim>> claiming =
          CompletableFuture.supplyAsync(() -> claimAndReleaseSome(first, joined));
      HazelcastSessionDirectory second = directory(members.start("second"), 1);
      joined.set(true);
      List<Claim> held = claiming.get(60, TimeUnit.SECONDS);
      HazelcastInstance survivor = members.node(1).instance();
      await().until(survivor.getPartitionService()::isClusterSafe);

      members.node(0).terminate();

      assertThat(held).hasSizeGreaterThan(CLAIMS_AFTER_JOIN);
      for (Claim claim : held) {
        assertThat(get(second.find(claim.clientId())).map(ClaimView::claim)).contains(claim);
      }
      assertThat(survivor.getMap(DirectoryMap.NAME).size()).isEqualTo(held.size());
    }
  }

  /** Every other claim is given back at once. */
  private static List<Claim> claimAndReleaseSome(
      HazelcastSessionDirectory directory, AtomicBoolean joined) {
    List<Claim> held = new ArrayList<>();
    int left = CLAIMS_AFTER_JOIN;
    for (int i = 0; left > 0; i++) {
      left -= joined.get() ? 1 : 0;
      held.add(get(directory.claim(ClientId.of("held-" + i), null, "a")).claim());
      Claim passing = get(directory.claim(ClientId.of("passing-" + i), null, "a")).claim();
      get(directory.release(passing, new Release(WillFate.DISCARD, 0, true)));
    }
    return held;
  }

  private HazelcastSessionDirectory directory(HazelcastMembership membership, int index) {
    NodeId self = membership.self();
    return new HazelcastSessionDirectory(
        members.node(index).instance(), self, System::currentTimeMillis, new AsyncRetry(20_000));
  }

  private static <T> T get(CompletionStage<T> stage) {
    return stage.toCompletableFuture().orTimeout(30, TimeUnit.SECONDS).join();
  }
}
