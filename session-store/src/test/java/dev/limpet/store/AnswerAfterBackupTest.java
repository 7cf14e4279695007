package dev.limpet.store;

import static dev.limpet.broker.spi.Samples.await;
import static dev.limpet.broker.spi.Samples.delivery;
import static dev.limpet.broker.spi.Samples.publication;
import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.mqtt.NodeId;
import dev.limpet.broker.mqtt.Publication;
import dev.limpet.broker.spi.Claim;
import dev.limpet.broker.spi.ManualClock;
import dev.limpet.broker.spi.store.InboxTarget;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** When one operation writes many sessions, nobody hears of it before the backup has them all. */
class AnswerAfterBackupTest {
  private static final int OWNER = 0;
  private static final int SESSIONS = 5;

  private final Members members = new Members(3);
  private final ClientId first = members.clientOwnedBy(OWNER);
  private final int backup = members.backupOf(first);
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final CompletableFuture<Void> release = new CompletableFuture<>();
  private final List<Claim> claims =
      members.clientsBeside(first, SESSIONS).stream()
          .map(id -> new Claim(id, new NodeId("n", 1), 1))
          .toList();

  @AfterEach
  void close() {
    release.complete(null);
    members.close();
  }

  @Test
  void an_owner_that_writes_itself_waits_for_its_backup() {
    assertAnswerWaitsForBackup(OWNER);
  }

  @Test
  void a_node_that_is_neither_owner_nor_backup_waits_for_both() {
    assertAnswerWaitsForBackup(3 - OWNER - backup);
  }

  @Test
  void a_backup_that_writes_waits_for_itself() {
    try (var store = storeAt(backup)) {
      claims.forEach(claim -> await(store.open(claim, false, 3600)));
      members.hold(backup, first, release);
      CompletionStage<Void> appended = appendToAll(store);
      try (var observer = storeAt(OWNER)) {
        awaitOwnerHolds(observer);
        assertThat(appended.toCompletableFuture()).isNotDone();
      }
      release.complete(null);
      await(appended);
    }
  }

  private void assertAnswerWaitsForBackup(int writer) {
    try (var store = storeAt(writer)) {
      claims.forEach(claim -> await(store.open(claim, false, 3600)));
      double operationsBefore = registry.counter("limpet.store.operations").count();
      members.hold(backup, first, release);
      CompletionStage<Void> appended = appendToAll(store);
      awaitOwnerHolds(store);
      assertThat(appended.toCompletableFuture()).isNotDone();
      release.complete(null);
      await(appended);
      assertThat(registry.counter("limpet.store.operations").count() - operationsBefore)
          .isEqualTo(1);
    }
  }

  /** Ends with some more round trips to the owner, so that its early answer would have come too. */
  private void awaitOwnerHolds(HazelcastSessionStore store) {
    for (int i = 0; i < 5; i++) {
      for (Claim claim : claims) {
        Awaitility.await()
            .pollDelay(Duration.ZERO)
            .until(() -> await(store.read(claim, 0, 10, 10_000)).entries().size() == 1);
      }
    }
  }

  private HazelcastSessionStore storeAt(int member) {
    return new HazelcastSessionStore(
        members.get(member), StoreOptions.DEFAULT, new ManualClock(), registry);
  }

  private CompletionStage<Void> appendToAll(HazelcastSessionStore store) {
    Publication publication = publication("t", "p");
    return store.append(
        publication,
        claims.stream()
            .map(claim -> new InboxTarget(claim.clientId(), delivery(publication)))
            .toList());
  }
}
