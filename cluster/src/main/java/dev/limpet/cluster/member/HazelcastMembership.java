package dev.limpet.cluster.member;

import com.hazelcast.cluster.MembershipEvent;
import com.hazelcast.cluster.MembershipListener;
import com.hazelcast.core.HazelcastInstance;
import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.mqtt.NodeId;
import dev.limpet.broker.spi.cluster.Membership;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Presents the members of the Hazelcast cluster as nodes.
 *
 * <p>Thread-safe: readers see one volatile snapshot; changes happen under this object's lock, which
 * also keeps the watchers' calls in order.
 */
public final class HazelcastMembership implements Membership {

  private static final int MISSING_MAX = 64;

  private final HazelcastInstance hazelcast;
  private final NodeId self;
  private final PartitionTable partitions;
  private final List<MemberWatcher> watchers = new ArrayList<>();

  /** Names of nodes that died or were cut off; those that left in order had given all away. */
  private volatile List<String> missing = List.of();

  private volatile MemberView view;
  private volatile BooleanSupplier serving = () -> true;
  private volatile BooleanSupplier confirmed = () -> true;
  private volatile BooleanSupplier moving = () -> false;

  public HazelcastMembership(HazelcastInstance hazelcast, NodeId self) {
    this.hazelcast = hazelcast;
    this.self = self;
    this.view = MemberView.of(hazelcast.getCluster().getMembers());
    this.partitions = new PartitionTable(hazelcast, this);
    hazelcast
        .getCluster()
        .addMembershipListener(
            new MembershipListener() {
              @Override
              public void memberAdded(MembershipEvent event) {
                refresh();
              }

              @Override
              public void memberRemoved(MembershipEvent event) {
                refresh();
              }
            });
  }

  /** Adds a watcher and notifies it at once of all nodes but this one. */
  public synchronized void watch(MemberWatcher watcher) {
    refresh();
    for (MemberInfo node : view.nodes().values()) {
      if (!node.id().equals(self)) {
        watcher.joined(node);
      }
    }
    watchers.add(watcher);
  }

  /** Names of at most {@value #MISSING_MAX} nodes that were members and are dead or cut off. */
  public List<String> missing() {
    return missing;
  }

  @Override
  public NodeId self() {
    return self;
  }

  @Override
  public Set<NodeId> nodes() {
    return view.ids();
  }

  /** The nodes that joined before this one and live, the first first. */
  public List<NodeId> elders() {
    return view.ids().stream().takeWhile(node -> !node.equals(self)).toList();
  }

  @Override
  public boolean isLive(NodeId node) {
    return view.nodes().containsKey(node);
  }

  @Override
  public NodeId homeOf(ClientId clientId) {
    return partitions.ownerOf(partitions.partitionOf(clientId.value()));
  }

  /** Returns the announcement of a live node. */
  public Optional<MemberInfo> info(NodeId node) {
    return Optional.ofNullable(view.nodes().get(node));
  }

  /** Returns the announcements of all live nodes, the longest-standing first. */
  public List<MemberInfo> inOrder() {
    return view.inOrder();
  }

  /**
   * Sets who knows what {@link #isServing}, {@link #isConfirmed} and {@link #areHomesMoving} tell.
   * Before the broker starts.
   */
  public void asks(
      BooleanSupplier isServing, BooleanSupplier isConfirmed, BooleanSupplier isMoving) {
    serving = isServing;
    confirmed = isConfirmed;
    moving = isMoving;
  }

  /** Counts the members of Hazelcast at this very moment, which may not have been told of yet. */
  public int memberCount() {
    return hazelcast.getCluster().getMembers().size();
  }

  /** Counts the live nodes that hold data: all but witnesses. */
  public int dataNodes() {
    return (int) view.inOrder().stream().filter(node -> !node.witness()).count();
  }

  @Override
  public boolean areHomesMoving() {
    return moving.getAsBoolean();
  }

  @Override
  public boolean isConfirmed() {
    return confirmed.getAsBoolean();
  }

  @Override
  public boolean isServing() {
    return serving.getAsBoolean();
  }

  /** Returns the announcements of all live nodes. */
  public Collection<MemberInfo> infos() {
    return view.nodes().values();
  }

  public PartitionTable partitions() {
    return partitions;
  }

  MemberView view() {
    return view;
  }

  private synchronized void refresh() {
    MemberView before = view;
    view = MemberView.of(hazelcast.getCluster().getMembers());
    for (MemberInfo node : before.nodes().values()) {
      if (!view.nodes().containsKey(node.id())) {
        miss(node.id());
        watchers.forEach(watcher -> watcher.left(node));
      }
    }
    Set<String> here = view.ids().stream().map(NodeId::name).collect(Collectors.toSet());
    missing = missing.stream().filter(name -> !here.contains(name)).toList();
    for (MemberInfo node : view.nodes().values()) {
      if (!before.nodes().containsKey(node.id())) {
        watchers.forEach(watcher -> watcher.joined(node));
      }
    }
  }

  private void miss(NodeId node) {
    if (missing.size() < MISSING_MAX && !partitions.ownedBy(node).isEmpty()) {
      missing = Stream.concat(missing.stream(), Stream.of(node.name())).distinct().toList();
    }
  }
}
