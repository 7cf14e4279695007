package dev.limpet.broker.routing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.mqtt.NodeId;
import dev.limpet.broker.solo.HeapSessionDirectory;
import dev.limpet.broker.spi.Claim;
import dev.limpet.broker.spi.cluster.ClientView;
import dev.limpet.broker.spi.cluster.Ending;
import dev.limpet.broker.spi.store.InboxEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

class ClaimReviewTest {

  private final HeapSessionDirectory directory =
      new HeapSessionDirectory(new NodeId("here", 1), () -> 1_000);
  private final Connected connected = new Connected();

  @Test
  void connections_with_an_outdone_claim_are_evicted_and_no_others() {
    List<Claim> outdone = new ArrayList<>();
    for (int i = 0; i < 600; i++) {
      Claim claim = claim("client-" + i);
      connected.claims.add(claim);
      if (i % 3 == 0) {
        claim("client-" + i);
        outdone.add(claim);
      }
    }
    connected.claims.add(new Claim(ClientId.of("unknown"), new NodeId("here", 1), 7));

    new ClaimReview(directory, connected).run().toCompletableFuture().join();

    assertThat(connected.evicted).containsExactlyElementsOf(outdone);
  }

  private Claim claim(String clientId) {
    return directory
        .claim(ClientId.of(clientId), null, "address")
        .toCompletableFuture()
        .join()
        .claim();
  }

  /** Connections that only write down their eviction. Confined to the test. */
  private static final class Connected implements ConnectedSessions {
    private final List<Claim> claims = new ArrayList<>();
    private final List<Claim> evicted = new ArrayList<>();

    @Override
    public List<Claim> claims() {
      return claims;
    }

    @Override
    public CompletionStage<Ending> evict(Claim old) {
      evicted.add(old);
      return CompletableFuture.completedFuture(Ending.BROKEN);
    }

    @Override
    public void offer(ClientId clientId, InboxEntry entry) {}

    @Override
    public void wake(Claim reader, long sequence) {}

    @Override
    public void wakeAll(Predicate<ClientId> which) {}

    @Override
    public Optional<ClientView> inspect(ClientId clientId) {
      return Optional.empty();
    }
  }
}
