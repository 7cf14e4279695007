package dev.limpet.broker.spi.cluster;

import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.mqtt.Will;
import dev.limpet.broker.spi.Claim;
import dev.limpet.broker.spi.ClusterUnavailableException;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Records which connection holds which client id, agreed on by the whole cluster. Only here are
 * claims ordered: of two claims for one id the later sees the earlier as its previous one.
 *
 * <p>Thread-safe; no method blocks. Stages complete on any thread, exceptionally with {@link
 * ClusterUnavailableException} when the cluster did not answer in time (the operation may or may
 * not have happened).
 */
public interface SessionDirectory {

  /**
   * Claims a client id for a new connection on this node.
   *
   * @param will kept with the claim until it is released, taken or claimed away
   * @param address of the client, for operators
   */
  CompletionStage<Claimed> claim(ClientId clientId, @Nullable Will will, String address);

  /** Gives a claim back, unless a newer one has taken its place. */
  CompletionStage<Released> release(Claim claim, Release release);

  /** Takes a kept will that is due; empty when a newer claim took or dropped it. */
  CompletionStage<Optional<Will>> takeWill(Claim claim);

  /** Forgets a client id whose session has ended, unless a newer claim holds it. Idempotent. */
  CompletionStage<Void> forget(ClientId clientId, long epoch);

  /**
   * Takes up a claim again that was lost or released while its connection lives: with its old epoch
   * and without a will that has been taken meanwhile. Idempotent.
   *
   * @param address of the client, for operators
   * @return false when somebody else holds the client id, or has held it under a newer claim
   */
  CompletionStage<Boolean> restore(Claim claim, String address);

  /** The present holders of some ids; ids that are not known are left out. */
  CompletionStage<Map<ClientId, ClaimView>> find(Collection<ClientId> clientIds);

  /** The present holder, for operators and tests. */
  CompletionStage<Optional<ClaimView>> find(ClientId clientId);
}
