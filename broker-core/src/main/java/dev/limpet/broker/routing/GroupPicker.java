package dev.limpet.broker.routing;

import dev.limpet.broker.delivery.LocalDelivery;
import dev.limpet.broker.mqtt.Delivery;
import dev.limpet.broker.mqtt.NodeId;
import dev.limpet.broker.mqtt.Publication;
import dev.limpet.broker.routing.share.ShareGroup;
import dev.limpet.broker.routing.share.ShareGroup.ConnectedMember;
import dev.limpet.broker.routing.share.ShareGroup.InboxMember;
import dev.limpet.broker.routing.share.ShareGroup.Member;
import dev.limpet.broker.routing.share.ShareGroup.PeerMember;
import dev.limpet.broker.spi.store.InboxTarget;
import dev.limpet.broker.topic.SharedFilter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Picks one member of each share group for one publication and notes where it must go. Used once,
 * by one thread.
 */
public final class GroupPicker {
  private final Publication publication;
  private final LocalDelivery delivery;
  private final HandOver handOver;
  private final Map<NodeId, List<SharedFilter>> live = new HashMap<>();
  private final Map<NodeId, List<SharedFilter>> homes = new HashMap<>();
  private final List<InboxTarget> here = new ArrayList<>();

  GroupPicker(Publication publication, LocalDelivery delivery, HandOver handOver) {
    this.publication = publication;
    this.delivery = delivery;
    this.handOver = handOver;
  }

  /** At the publisher's node: any member in the cluster. */
  void pickAny(List<ShareGroup> groups) {
    for (ShareGroup group : groups) {
      take(group, group.pick(publication));
    }
  }

  /**
   * At a peer that was picked for these groups: one of its connected members each.
   *
   * @return groups whose last member here has just gone
   */
  List<SharedFilter> pickConnected(List<ShareGroup> groups, List<SharedFilter> picked) {
    return pickHere(groups, picked, group -> group.pickConnected(publication));
  }

  /**
   * At a home that was picked for these groups: one of its durable sessions each.
   *
   * @return groups whose last member here has just gone
   */
  List<SharedFilter> pickInboxes(List<ShareGroup> groups, List<SharedFilter> picked) {
    return pickHere(groups, picked, group -> group.pickInbox(publication));
  }

  private List<SharedFilter> pickHere(
      List<ShareGroup> groups,
      List<SharedFilter> picked,
      Function<ShareGroup, @Nullable Member> pick) {
    List<SharedFilter> missed = new ArrayList<>(picked);
    for (ShareGroup group : groups) {
      Member member = picked.contains(group.filter()) ? pick.apply(group) : null;
      if (member != null) {
        take(group, member);
        missed.remove(group.filter());
      }
    }
    return missed;
  }

  private void take(ShareGroup group, @Nullable Member member) {
    if (member instanceof ConnectedMember connected) {
      Delivery picked = connected.terms().delivery(publication, group.filter());
      delivery.deliver(
          connected.subscriber(), picked, () -> handOver.refused(picked, connected.who()));
    } else if (member instanceof InboxMember inbox) {
      here.add(
          new InboxTarget(inbox.clientId(), inbox.terms().delivery(publication, group.filter())));
    } else if (member instanceof PeerMember peer) {
      Map<NodeId, List<SharedFilter>> way = peer.isDurable() ? homes : live;
      way.computeIfAbsent(peer.node(), node -> new ArrayList<>()).add(group.filter());
    }
  }

  /** Peers to which the publication goes live for these groups. */
  Map<NodeId, List<SharedFilter>> live() {
    return live;
  }

  /** Homes that append it for these groups. */
  Map<NodeId, List<SharedFilter>> homes() {
    return homes;
  }

  /** Inboxes here that get it. */
  List<InboxTarget> here() {
    return here;
  }
}
