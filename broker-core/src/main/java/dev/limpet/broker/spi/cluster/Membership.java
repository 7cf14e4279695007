package dev.limpet.broker.spi.cluster;

import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.mqtt.NodeId;
import java.util.Set;

/** Lists the members of the cluster, as this node sees it now. Thread-safe; no method blocks. */
public interface Membership {

  NodeId self();

  /** All live nodes, this one among them. */
  Set<NodeId> nodes();

  /** Whether the node, in this very incarnation, is a member. */
  boolean isLive(NodeId node);

  /**
   * Whether this node may serve clients: it is not cut off from a majority of the nodes that were
   * together last, or may serve all the same.
   */
  boolean isServing();

  /**
   * Whether a majority of the cluster has confirmed lately that this node belongs to it. While it
   * has not, this node's routes may be old: nothing is acknowledged by them. Cheap: asked for each
   * publication.
   */
  boolean isConfirmed();

  /**
   * Whether sessions are getting new homes, or got some lately. Meanwhile the old and the new home
   * of a session may both append to its inbox.
   */
  boolean areHomesMoving();

  /** The node that owns the client id's partition: computed, no question asked. */
  NodeId homeOf(ClientId clientId);
}
