package dev.limpet.broker.spi.cluster;

import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.spi.Claim;
import dev.limpet.broker.spi.store.SessionImage;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Shows the audit what the broker of a node believes, and mends that. Each call that mends looks
 * once more where the state is confined, and does nothing when the connection has ended or is about
 * to: it may be called late.
 *
 * <p>Thread-safe; no method blocks. Stages complete on any thread, exceptionally with {@link
 * dev.limpet.broker.spi.ClusterUnavailableException} when directory or store did not answer in
 * time. Those of calls that mend tell whether there was something to mend.
 */
public interface AuditedBroker {

  /**
   * A client that is connected here. Immutable.
   *
   * @param durable whether it has a stored session
   */
  record Connected(Claim claim, boolean durable) {}

  /** All connected clients, at some moment; those still connecting are left out. */
  List<Connected> connected();

  /** What this node has under each of these claims, in their order. */
  List<Holding> holdings(List<Claim> claims);

  /** The stored sessions of these ids; ids without a session are left out. */
  CompletionStage<List<SessionImage>> describe(Collection<ClientId> clientIds);

  /** The ids of the sessions at home here that this node routes for, at some moment. */
  Collection<ClientId> indexed();

  /** What this node routes by for a session at home here. */
  Optional<SessionImage> indexed(ClientId clientId);

  /** Takes a lost claim of a connected client up again, unless somebody else holds the id. */
  CompletionStage<Boolean> restore(Claim claim);

  /** Ends a connection whose id somebody else holds: v5 clients are told 0x8E. */
  CompletionStage<Boolean> endOutdone(Claim claim);

  /** Ends a durable connection whose stored session is gone. */
  CompletionStage<Boolean> endWithoutSession(Claim claim);

  /** Opens the stored session of a connected client that was closed under it, and reads on. */
  CompletionStage<Boolean> reopen(Claim claim);

  /**
   * Finds out whether the reader of an inbox waits although it could send.
   *
   * @param lastSequence the highest one in the inbox
   * @return the sequence it has come to; -1 when it goes on by itself
   */
  CompletionStage<Long> stuckAt(Claim claim, long lastSequence);

  /** Brings the advertised routes in line with the subscriptions; returns how many were wrong. */
  int alignRoutes();
}
