package dev.limpet.broker.spi.cluster;

import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.mqtt.NodeId;
import dev.limpet.broker.mqtt.Publication;
import dev.limpet.broker.spi.Claim;
import dev.limpet.broker.spi.ClusterUnavailableException;
import dev.limpet.broker.spi.store.FencedException;
import dev.limpet.broker.topic.SharedFilter;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/**
 * Sends this node's requests to its peers. Frames to one peer arrive in the order of the calls made
 * by one thread, and each is handled once, even if the connection breaks in between.
 *
 * <p>Thread-safe; no method blocks; none may be called with this node itself. Stages complete on
 * any thread; exceptionally with {@link PeerGoneException} when the peer left the cluster, or with
 * the failure of the peer's handler ({@link NotHomeException}, {@link FencedException}) or else
 * {@link ClusterUnavailableException}.
 */
public interface PeerLink {

  /**
   * Live path: the peer delivers to its connected sessions. At most once, no answer.
   *
   * @param groups share groups for which the peer was picked
   */
  void deliver(NodeId peer, Publication publication, List<SharedFilter> groups);

  /**
   * Durable path: the peer appends to the inboxes of the sessions it is home of.
   *
   * @param groups share groups for which the peer was picked
   * @return done when all of those inboxes hold it, on two nodes
   */
  CompletionStage<Void> append(NodeId home, Publication publication, List<SharedFilter> groups);

  /**
   * Passes on a delivery left by a share group member: the peer gives it to one of its members
   * only.
   *
   * @param durable whether to a durable session it is home of, else to one connected there
   * @return done when a member has it, of durable ones on two nodes; fails when there is none
   */
  CompletionStage<Void> handOn(
      NodeId peer, Publication publication, SharedFilter group, boolean durable);

  /** Asks the host of an old claim to close its connection; done when it wrote its last state. */
  CompletionStage<Ending> evict(Claim old);

  /**
   * A QoS 2 publication is routed again because the node that numbered it died: the peer delivers
   * it to its connected sessions unless they had it.
   *
   * @return share groups of which a member that belongs to the peer has had it
   */
  CompletionStage<Set<SharedFilter>> deliverAgain(NodeId peer, Publication publication);

  /**
   * Asks a peer to finish its current routing: done, after everything it has forwarded here until
   * then, once retained publications among it are stored.
   *
   * @return the last number the peer had given to a publication when it was asked
   */
  CompletionStage<Long> settle(NodeId peer);

  /** A step of a replay into an inbox at a peer: done when the home has taken it. */
  CompletionStage<Void> replay(NodeId home, ReplayStep step);

  /** Tells a host that an inbox has grown up to {@code sequence}. A hint; no answer. */
  void wake(Claim reader, long sequence);

  /**
   * Asks the home to read the stored session again and to route for its subscriptions.
   *
   * @return done when every live peer has the routes; fails with {@link NotHomeException}
   */
  CompletionStage<Void> index(NodeId home, ClientId clientId);

  /**
   * Asks a host what it has under claims that name it.
   *
   * @return in the order of the claims
   */
  CompletionStage<List<Holding>> holdings(NodeId host, List<Claim> claims);

  /** Returns the host's view of a client connected to it, for operators. */
  CompletionStage<Optional<ClientView>> inspect(NodeId host, ClientId clientId);
}
