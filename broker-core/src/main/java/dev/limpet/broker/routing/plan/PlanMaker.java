package dev.limpet.broker.routing.plan;

import dev.limpet.broker.delivery.DeliveryTerms;
import dev.limpet.broker.delivery.DurableSubscription;
import dev.limpet.broker.delivery.DurableSubscriptions;
import dev.limpet.broker.delivery.LocalSubscription;
import dev.limpet.broker.delivery.LocalSubscriptions;
import dev.limpet.broker.delivery.LocalTargets;
import dev.limpet.broker.delivery.TermsMerge;
import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.mqtt.NodeId;
import dev.limpet.broker.routing.share.ShareGroup;
import dev.limpet.broker.routing.share.ShareGroup.ConnectedMember;
import dev.limpet.broker.routing.share.ShareGroup.InboxMember;
import dev.limpet.broker.routing.share.ShareGroup.Member;
import dev.limpet.broker.routing.share.ShareGroup.PeerMember;
import dev.limpet.broker.routing.share.ShareTurn;
import dev.limpet.broker.spi.cluster.Route;
import dev.limpet.broker.spi.cluster.RouteKind;
import dev.limpet.broker.topic.SharedFilter;
import dev.limpet.broker.topic.TopicName;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** Gathers all matches of one topic and makes its plan. Used once, by one thread. */
final class PlanMaker {
  private final TopicName topic;
  private final NodeId self;
  private final LocalSubscriptions subscriptions;
  private final DurableSubscriptions stored;
  private final TermsMerge<ClientId> inboxes = new TermsMerge<>();
  private final Set<NodeId> livePeers = new HashSet<>();
  private final Set<NodeId> liveQos0Peers = new HashSet<>();
  private final Set<NodeId> homes = new HashSet<>();
  private final Map<SharedFilter, List<Member>> groups = new LinkedHashMap<>();

  PlanMaker(
      TopicName topic, NodeId self, LocalSubscriptions subscriptions, DurableSubscriptions stored) {
    this.topic = topic;
    this.self = self;
    this.subscriptions = subscriptions;
    this.stored = stored;
  }

  void local(LocalSubscription found) {
    if (found.subscription().filter().isShared()) {
      DeliveryTerms terms = DeliveryTerms.of(found.subscription());
      member(found.subscription().filter(), new ConnectedMember(self, found.subscriber(), terms));
    }
  }

  void durable(DurableSubscription found) {
    if (found.subscription().filter().isShared()) {
      DeliveryTerms terms = DeliveryTerms.of(found.subscription());
      boolean connected = stored.isConnected(found.clientId());
      member(
          found.subscription().filter(), new InboxMember(self, found.clientId(), connected, terms));
    } else {
      inboxes.add(found.clientId(), found.subscription());
    }
  }

  void route(Route route) {
    if (route.filter().isShared()) {
      for (int i = 0; i < route.weight(); i++) {
        member(route.filter(), new PeerMember(route.node(), route.kind()));
      }
    } else if (route.kind() == RouteKind.DURABLE) {
      homes.add(route.node());
    } else {
      liveQos0Peers.add(route.node());
      if (route.kind() == RouteKind.LIVE) {
        livePeers.add(route.node());
      }
    }
  }

  RoutePlan plan(Function<SharedFilter, ShareTurn> turns) {
    List<DurableTarget> durable = new ArrayList<>();
    inboxes.forEach(
        (id, merged) -> durable.add(new DurableTarget(id, merged.ofOthers(), merged.ofItself())));
    List<ShareGroup> shares = new ArrayList<>();
    groups.forEach(
        (filter, members) -> shares.add(new ShareGroup(filter, members, turns.apply(filter))));
    return new RoutePlan(
        LocalTargets.match(subscriptions, topic), livePeers, liveQos0Peers, durable, homes, shares);
  }

  private void member(SharedFilter group, Member member) {
    groups.computeIfAbsent(group, key -> new ArrayList<>()).add(member);
  }
}
