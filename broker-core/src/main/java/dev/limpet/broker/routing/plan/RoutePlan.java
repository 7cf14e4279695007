package dev.limpet.broker.routing.plan;

import dev.limpet.broker.delivery.LocalTargets;
import dev.limpet.broker.mqtt.NodeId;
import dev.limpet.broker.mqtt.Publication;
import dev.limpet.broker.routing.share.ShareGroup;
import dev.limpet.broker.spi.store.InboxTarget;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Lists the destinations of one topic: everything that does not depend on a single publication.
 * Immutable.
 *
 * @param local connected sessions of this node
 * @param livePeers peers that want it live at any QoS
 * @param liveQos0Peers peers that want it live at QoS 0, those of {@code livePeers} among them
 * @param durableHere durable sessions at home here
 * @param homes peers that are home of durable sessions that want it
 * @param groups share groups that match
 */
public record RoutePlan(
    LocalTargets local,
    Set<NodeId> livePeers,
    Set<NodeId> liveQos0Peers,
    List<DurableTarget> durableHere,
    Set<NodeId> homes,
    List<ShareGroup> groups) {

  public RoutePlan {
    livePeers = Set.copyOf(livePeers);
    liveQos0Peers = Set.copyOf(liveQos0Peers);
    durableHere = List.copyOf(durableHere);
    homes = Set.copyOf(homes);
    groups = List.copyOf(groups);
  }

  /**
   * The inboxes at home here that get a publication.
   *
   * @param picked those of share groups
   */
  public List<InboxTarget> inboxes(Publication publication, List<InboxTarget> picked) {
    List<InboxTarget> here = new ArrayList<>(picked);
    for (DurableTarget target : durableHere) {
      InboxTarget inbox = target.target(publication);
      if (inbox != null) {
        here.add(inbox);
      }
    }
    return here;
  }

  /** How many sessions and inboxes of this node it names. */
  int size() {
    return local.size() + durableHere.size();
  }

  /** Whether the topic has no subscriber in the cluster. */
  public boolean isEmpty() {
    return local.isEmpty() && isLocal();
  }

  /** Whether only connected sessions of this node subscribe to the topic. */
  public boolean isLocal() {
    return liveQos0Peers.isEmpty() && durableHere.isEmpty() && homes.isEmpty() && groups.isEmpty();
  }
}
