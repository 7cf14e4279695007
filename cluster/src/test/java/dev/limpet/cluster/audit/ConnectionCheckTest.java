package dev.limpet.cluster.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.mqtt.NodeId;
import dev.limpet.broker.solo.SoloCluster;
import dev.limpet.broker.spi.Claim;
import dev.limpet.broker.spi.cluster.AuditedBroker;
import dev.limpet.broker.spi.cluster.AuditedBroker.Connected;
import dev.limpet.broker.spi.cluster.Holding;
import dev.limpet.broker.spi.cluster.Release;
import dev.limpet.broker.spi.cluster.Release.WillFate;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Issue 9, item 4. The kind: who holds a client id is decided by which epoch is higher, so that two
 * connections stay when it is not. The directory decides.
 */
class ConnectionCheckTest {
  private static final NodeId HERE = new NodeId("here", 1);
  private static final ClientId ID = ClientId.of("client");

  private final SoloCluster cluster = new SoloCluster(HERE, () -> 1_000);

  @Test
  void a_connection_with_the_claim_of_the_directory_is_sound() {
    assertThat(look(claim(), Holding.CONNECTED)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "-5, CONNECTED, 1",
    "-5, CONNECTING, 0",
    "-5, NONE, 0",
    "5, CONNECTED, 1",
    "5, NONE, 0"
  })
  void it_ends_when_another_one_is_connected_whatever_the_epoch(
      int older, Holding rival, int outdone) {
    Claim held = claim();
    Claim own = new Claim(ID, HERE, held.epoch() - older);
    assertThat(look(own, rival)).hasSize(outdone).allMatch(Repair.CLIENT_OUTDONE::equals);
  }

  @ParameterizedTest
  @CsvSource({"0, CLAIM_LOST", "-5, CLAIM_LOST", "5, CLIENT_OUTDONE"})
  void when_nobody_holds_the_id_it_returns_unless_a_newer_claim_did(int older, Repair kind) {
    Claim held = claim();
    get(cluster.directory().release(held, new Release(WillFate.DISCARD, 0, false)));
    assertThat(look(new Claim(ID, HERE, held.epoch() - older), Holding.NONE)).containsExactly(kind);
  }

  @Test
  void it_returns_when_its_claim_was_forgotten() {
    assertThat(look(new Claim(ID, HERE, 7), Holding.NONE)).containsExactly(Repair.CLAIM_LOST);
  }

  private Claim claim() {
    return get(cluster.directory().claim(ID, null, "address")).claim();
  }

  private List<Repair> look(Claim own, Holding rival) {
    AuditedBroker broker = new NobodyConnected(rival);
    Hosts hosts = new Hosts(cluster.membership(), cluster.peers(), broker);
    ConnectionCheck check =
        new ConnectionCheck(
            cluster.directory(), broker, hosts, new SessionCheck(broker, any -> {}));
    return get(check.look(List.of(new Connected(own, false)))).stream().map(Finding::kind).toList();
  }

  private static <T> T get(CompletionStage<T> stage) {
    return stage.toCompletableFuture().join();
  }
}
