package dev.limpet.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.hazelcast.config.Config;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.spi.properties.ClusterProperty;
import dev.limpet.store.hazelcast.Migrations;
import dev.limpet.store.hazelcast.Promotions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Issue 9, item 1. The kind: work that takes longer than Hazelcast allows for its start, because
 * nothing runs, is dropped half done and leaves what it holds behind.
 */
class SlowPromotionTest {
  private static final int SILENCE_SECONDS = 5;
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  private static void impatient(Config config) {
    config.setProperty(ClusterProperty.HEARTBEAT_INTERVAL_SECONDS.getName(), "1");
    config.setProperty(
        ClusterProperty.MAX_NO_HEARTBEAT_SECONDS.getName(), String.valueOf(SILENCE_SECONDS));
    config.setProperty(ClusterProperty.PARTITION_OPERATION_THREAD_COUNT.getName(), "2");
  }

  /** The master promotes its own copies on another path than those of other members. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void a_promotion_that_goes_on_late_ends_and_gives_its_permit_back(int slow) {
    try (Members members = new Members(3, SlowPromotionTest::impatient)) {
      List<Promotions> promotions =
          List.of(
              Promotions.unhurried(members.get(0)),
              Promotions.unhurried(members.get(1)),
              Promotions.unhurried(members.get(2)));
      List<CompletableFuture<Void>> held = holdThreads(members.get(slow));
      members.crash(2);
      await().atMost(TIMEOUT).until(promotions.get(slow)::isPermitTaken);
      long taken = System.nanoTime();
      await()
          .atMost(TIMEOUT)
          .until(() -> System.nanoTime() - taken > (SILENCE_SECONDS + 1) * 1_000_000_000L);
      held.forEach(each -> each.complete(null));
      members.awaitSettled();
      await().atMost(TIMEOUT).until(() -> !promotions.get(slow).isPermitTaken());
      assertThat(promotions.get(slow).begun()).isPositive();
    }
  }

  /** Whatever left the permit taken: once it is given back, the member promotes again. */
  @Test
  void a_permit_given_back_lets_promotions_go_on() {
    try (Members members = new Members(2, SlowPromotionTest::impatient)) {
      Promotions promotions = Promotions.unhurried(members.get(0));
      Migrations migrations = new Migrations(members.get(0));
      members.takePromotionPermit(0);
      members.crash(1);
      await().atMost(TIMEOUT).until(() -> migrations.withoutOwner() > 0);
      assertThat(promotions.isPermitTaken()).isTrue();
      promotions.giveBack();
      members.awaitSettled();
      assertThat(promotions.isPermitTaken()).isFalse();
    }
  }

  private static List<CompletableFuture<Void>> holdThreads(HazelcastInstance member) {
    Migrations migrations = new Migrations(member);
    List<CompletableFuture<Void>> releases = new ArrayList<>();
    for (int thread = 0; thread < migrations.threads(); thread++) {
      CompletableFuture<Void> holding = new CompletableFuture<>();
      CompletableFuture<Void> release = new CompletableFuture<>();
      migrations.runOn(
          thread,
          () -> {
            holding.complete(null);
            release.join();
          });
      holding.join();
      releases.add(release);
    }
    return releases;
  }
}
