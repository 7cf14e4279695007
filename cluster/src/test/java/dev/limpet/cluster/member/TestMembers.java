package dev.limpet.cluster.member;

import com.hazelcast.config.Config;
import dev.limpet.broker.mqtt.NodeId;
import io.vertx.core.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;

/** Bare Hazelcast members in this JVM, without brokers. */
public final class TestMembers implements AutoCloseable {

  private static final SocketAddress NOWHERE = SocketAddress.inetSocketAddress(1, "127.0.0.1");

  /** A busy machine may keep a member from its heartbeats; those that end close their sockets. */
  private static final int SILENCE_SECONDS_MAX = 30;

  private final String clusterName = "test-" + ThreadLocalRandom.current().nextLong();
  private final List<Consumer<Config>> contributions;
  private final int silenceSecondsMax;
  private final List<HazelcastNode> nodes = new ArrayList<>();
  private final List<HazelcastMembership> memberships = new ArrayList<>();

  public TestMembers(List<Consumer<Config>> contributions) {
    this(contributions, SILENCE_SECONDS_MAX);
  }

  TestMembers(List<Consumer<Config>> contributions, int silenceSecondsMax) {
    this.contributions = contributions;
    this.silenceSecondsMax = silenceSecondsMax;
  }

  /** Starts a member that joins the others. */
  public HazelcastMembership start(String name) {
    return start(name, NOWHERE);
  }

  /** Starts a member that announces where its peer links end. */
  public HazelcastMembership start(String name, SocketAddress peer) {
    return start(new NodeId(name, ThreadLocalRandom.current().nextLong()), peer);
  }

  /** Starts a member under a given identity. */
  public HazelcastMembership start(NodeId id, SocketAddress peer) {
    MemberInfo self = new MemberInfo(id, peer, NOWHERE, "", List.of(), List.of(), false);
    HazelcastNode node = HazelcastNode.start(options(), self, contributions);
    HazelcastMembership membership = new HazelcastMembership(node.instance(), id);
    nodes.add(node);
    memberships.add(membership);
    return membership;
  }

  public HazelcastNode node(int index) {
    return nodes.get(index);
  }

  public HazelcastNode nodeOf(HazelcastMembership membership) {
    return nodes.get(memberships.indexOf(membership));
  }

  public HazelcastMembership membership(int index) {
    return memberships.get(index);
  }

  private MemberOptions options() {
    List<String> join =
        nodes.stream()
            .filter(node -> node.instance().getLifecycleService().isRunning())
            .map(node -> "127.0.0.1:" + node.port())
            .toList();
    return MemberOptions.builder()
        .clusterName(clusterName)
        .port(0)
        .join(join)
        .partitionCount(13)
        .silenceSecondsMax(silenceSecondsMax)
        .leaveSecondsMax(3)
        .build();
  }

  @Override
  public void close() {
    nodes.forEach(HazelcastNode::terminate);
  }
}
