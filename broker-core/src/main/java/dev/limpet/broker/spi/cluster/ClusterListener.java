package dev.limpet.broker.spi.cluster;

import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.mqtt.NodeId;
import dev.limpet.broker.mqtt.Publication;
import dev.limpet.broker.mqtt.Will;
import dev.limpet.broker.spi.Claim;
import dev.limpet.broker.topic.SharedFilter;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Receives all calls of the cluster into a node. The first methods answer requests of a peer
 * through {@link PeerLink}; the last ones follow the membership.
 *
 * <p>Thread-safe; no method blocks. Calls for one peer's frames come in the order they were sent.
 */
public interface ClusterListener {

  /** {@link PeerLink#deliver}: hand to connected sessions; never route again. */
  void onDeliver(Publication publication, List<SharedFilter> groups);

  /** {@link PeerLink#append}. */
  CompletionStage<Void> onAppend(Publication publication, List<SharedFilter> groups);

  /** {@link PeerLink#handOn}: fails when there is no such member here. */
  CompletionStage<Void> onHandOn(Publication publication, SharedFilter group, boolean durable);

  /** {@link PeerLink#evict}: done at once when the claim is not held here. */
  CompletionStage<Ending> onEvict(Claim old);

  /** {@link PeerLink#deliverAgain}. */
  CompletionStage<Set<SharedFilter>> onDeliverAgain(Publication publication);

  /** {@link PeerLink#settle}. */
  CompletionStage<Long> onSettle();

  /** {@link PeerLink#replay}. */
  CompletionStage<Void> onReplay(NodeId host, ReplayStep step);

  /** {@link PeerLink#wake}. */
  void onWake(Claim reader, long sequence);

  /**
   * {@link PeerLink#index}, and for all sessions of partitions this node gained: reads them from
   * the store and routes for them. Done when every live peer has the routes.
   */
  CompletionStage<Void> onIndex(Collection<ClientId> clientIds);

  /** {@link PeerLink#inspect}. */
  Optional<ClientView> onInspect(ClientId clientId);

  /** Stop routing for the sessions that match: their new home has indexed them. */
  void onIndexedElsewhere(Predicate<ClientId> moved);

  /**
   * A node died holding this claim; the claim is released. Its will is this node's to publish when
   * its delay is over, but stays in the directory until {@link SessionDirectory#takeWill} hands it
   * out, so that a client which comes back in time still cancels it.
   *
   * @param will with its delay still to wait; null when it had none
   */
  void onOrphan(Claim orphan, @Nullable Will will);

  /**
   * This node is cut off from the majority, or is with it again ({@link Membership#isServing}). Cut
   * off, it closes its clients and neither stores, releases nor publishes anything for them: the
   * majority does.
   */
  void onServing(boolean serving);

  /** A node left; its sessions' new homes are recovering. */
  void onNodeLeft(NodeId node);

  /** Every session of the departed node has been indexed by its new home: route again. */
  void onRecovered(NodeId departed);

  /** {@link PeerLink#holdings}: what this node has under these claims. */
  List<Holding> onHoldings(List<Claim> claims);

  /** Returns the broker's side of the audit. */
  AuditedBroker audited();
}
