package dev.limpet.cluster.routes;

import dev.limpet.broker.mqtt.NodeId;
import dev.limpet.broker.spi.cluster.Route;
import dev.limpet.broker.topic.TopicName;
import dev.limpet.cluster.member.AsyncRetry;
import dev.limpet.cluster.member.HazelcastMembership;
import dev.limpet.cluster.member.MemberInfo;
import dev.limpet.cluster.member.MemberWatcher;
import dev.limpet.cluster.member.TestMembers;
import dev.limpet.cluster.peer.Clocks;
import dev.limpet.cluster.peer.FrameHandler;
import dev.limpet.cluster.peer.FrameKind;
import dev.limpet.cluster.peer.PeerOptions;
import dev.limpet.cluster.peer.PeerTransport;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.net.SocketAddress;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;

/** A node that has routes and peer links, and nothing else. */
final class RouteNode {

  final HazelcastMembership membership;
  final HazelcastRouteTable routes;
  final PeerTransport transport;

  RouteNode(Vertx vertx, TestMembers members, NodeId self) {
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    transport =
        new PeerTransport(
            vertx,
            new PeerTransport.Setup("test", self, PeerOptions.defaults(), Clocks.set(), registry));
    int port = transport.listen("127.0.0.1", 0).await();
    membership = members.start(self, SocketAddress.inetSocketAddress(port, "127.0.0.1"));
    routes =
        new HazelcastRouteTable(
            members.nodeOf(membership).instance(),
            membership,
            transport,
            new AsyncRetry(5_000),
            registry);
    transport.onLinked(routes::linked);
    transport.open(membership);
    membership.watch(
        new MemberWatcher() {
          @Override
          public void joined(MemberInfo node) {
            routes.joined(node.id());
            transport.joined(node.id(), node.peer());
          }

          @Override
          public void left(MemberInfo node) {
            transport.left(node.id());
            routes.left(node.id());
          }
        });
  }

  NodeId id() {
    return membership.self();
  }

  Set<Route> match(String topic) {
    Set<Route> found = new HashSet<>();
    routes.match(TopicName.of(topic), found::add);
    return found;
  }

  /** From now on frames of a kind get lost on their way to this node: nobody answers them. */
  void loseFrames(FrameKind kind, Predicate<NodeId> from) {
    FrameHandler nobody = (sender, body) -> new CompletableFuture<>();
    FrameHandler handler = Objects.requireNonNull(transport.handle(kind, nobody));
    transport.handle(
        kind, (sender, body) -> (from.test(sender) ? nobody : handler).handle(sender, body));
  }
}
