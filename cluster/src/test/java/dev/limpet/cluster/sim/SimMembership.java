package dev.limpet.cluster.sim;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Decides who is whose member: removes silent and dead nodes after a time, resolves partial cuts by
 * the largest set in which everybody hears everybody, lets processes join and islands merge.
 */
final class SimMembership {
  static final int DETECTION_MILLIS = 5_000;
  private static final int TICK_MILLIS = 250;

  private final SimulatedCluster world;
  private final Random random;
  private final Map<String, Long> heardMillis = new HashMap<>();
  private final Map<Island, Long> mendedMillis = new HashMap<>();

  /** Partitions whose values of a smaller side are under way. */
  int merging;

  SimMembership(SimulatedCluster world) {
    this.world = world;
    this.random = world.random;
  }

  void start() {
    world.clock.after(TICK_MILLIS, this::tick);
  }

  private void tick() {
    listen();
    for (Island island : islands()) {
      judge(island);
    }
    mergeSome();
    start();
  }

  private Set<Island> islands() {
    Set<Island> all = new LinkedHashSet<>();
    world.nodes().stream()
        .filter(node -> node.alive && node.isMember() && !node.island.isLeft)
        .forEach(node -> all.add(node.island));
    return all;
  }

  /** What a judge has missed while it stood still does not count against others. */
  private void listen() {
    long now = world.clock.nowMillis();
    for (SimNode judge : world.nodes()) {
      for (SimNode other : world.nodes()) {
        String pair = judge.id + "<" + other.id;
        if (judge.isStalled()) {
          heardMillis.merge(pair, (long) TICK_MILLIS, Long::sum);
        } else if (hears(judge, other)) {
          heardMillis.put(pair, now);
        }
      }
    }
  }

  private boolean hears(SimNode judge, SimNode other) {
    return other.alive && !other.isStalled() && world.network.hears(judge.name(), other.name());
  }

  private boolean isSilent(SimNode judge, SimNode other) {
    long now = world.clock.nowMillis();
    long heard = heardMillis.getOrDefault(judge.id + "<" + other.id, now);
    return now - heard > DETECTION_MILLIS;
  }

  private void judge(Island island) {
    long now = world.clock.nowMillis();
    List<SimNode> believers =
        island.members.stream()
            .filter(node -> node.island == island)
            .filter(node -> node.alive || now < node.noticedMillis)
            .toList();
    List<SimNode> stay = largestSight(believers);
    if (stay.size() < island.members.size() && !stay.isEmpty()) {
      part(island, stay);
    }
  }

  /** The largest set in which all hear all; of equal ones that with the oldest node. */
  private List<SimNode> largestSight(List<SimNode> nodes) {
    List<SimNode> best = List.of();
    for (int mask = (1 << nodes.size()) - 1; mask > 0; mask--) {
      List<SimNode> some = new ArrayList<>();
      for (int i = 0; i < nodes.size(); i++) {
        if ((mask & (1 << (nodes.size() - 1 - i))) != 0) {
          some.add(nodes.get(i));
        }
      }
      if (some.size() > best.size() && seeEachOther(some)) {
        best = some;
      }
    }
    return best;
  }

  private boolean seeEachOther(List<SimNode> some) {
    return some.stream()
        .allMatch(one -> some.stream().noneMatch(other -> one != other && isSilent(one, other)));
  }

  private void part(Island island, List<SimNode> stay) {
    Island next = world.partitions.split(island, stay);
    island.isLeft = true;
    List<SimNode> left = new ArrayList<>(island.members);
    left.removeAll(stay);
    world.trace("%s go on without %s", stay, left);
    for (SimNode one : stay) {
      one.island = next;
      left.forEach(other -> world.network.part(one.id, other.id));
      one.post(0, () -> one.left(left));
    }
    for (SimNode other : left) {
      other.post(random.nextInt(1_500), () -> isolate(other, island));
    }
  }

  /** A removed node notices. */
  private void isolate(SimNode node, Island old) {
    if (node.island != old) {
      return;
    }
    node.island = world.partitions.split(old, List.of(node));
    world.trace("%s is alone", node);
    List<SimNode> others = new ArrayList<>(old.members);
    others.remove(node);
    others.forEach(other -> world.network.part(node.id, other.id));
    node.left(others);
  }

  private void mergeSome() {
    List<Island> all = new ArrayList<>(islands());
    if (all.size() < 2) {
      mendedMillis.clear();
      return;
    }
    Island larger = all.get(0);
    for (Island each : all) {
      larger = weight(each) > weight(larger) ? each : larger;
    }
    for (Island smaller : all) {
      long now = world.clock.nowMillis();
      if (smaller == larger || !canMeet(smaller, larger)) {
        mendedMillis.remove(smaller);
      } else if (now - mendedMillis.computeIfAbsent(smaller, is -> now + random.nextInt(3_000))
          > 1_000) {
        mendedMillis.remove(smaller);
        merge(smaller, larger);
        return;
      }
    }
  }

  /** Of equal sides the one that serves counts as the larger; Hazelcast goes by addresses. */
  private static int weight(Island island) {
    boolean serves = island.members.stream().anyMatch(SimNode::isWithMajority);
    return 2 * island.members.size() + (serves ? 1 : 0);
  }

  private boolean canMeet(Island one, Island other) {
    return one.members.stream()
        .allMatch(
            here ->
                other.members.stream()
                    .allMatch(
                        there ->
                            here.island == one
                                && there.island == other
                                && !here.isStalled()
                                && hears(here, there)
                                && hears(there, here)));
  }

  private void merge(Island smaller, Island larger) {
    world.trace("%s merges into %s", smaller, larger);
    smaller.isLeft = true;
    for (SimNode node : smaller.members) {
      Replica[] theirs = node.replicas;
      node.replicas = new Replica[SimPartitions.COUNT];
      admit(node, larger);
      AtomicInteger left = new AtomicInteger(1);
      for (int p = 0; p < SimPartitions.COUNT; p++) {
        if (smaller.owners[p] == node && theirs[p] != null) {
          left.incrementAndGet();
          merging++;
          mergeLater(node, p, theirs[p], () -> afterLast(left, node));
        }
      }
      afterLast(left, node);
    }
  }

  private void afterLast(AtomicInteger left, SimNode node) {
    if (left.decrementAndGet() == 0) {
      node.island.members.forEach(each -> each.post(0, each::merged));
    }
  }

  private void mergeLater(SimNode node, int p, Replica theirs, Runnable done) {
    node.post(
        random.nextInt(1_500),
        () -> {
          long now = world.clock.nowMillis();
          var unused =
              world
                  .partitions
                  .call(
                      node,
                      new SimPartitions.Operation<>(
                          p, true, ours -> SimMerge.into(ours, theirs, now, world.planted)))
                  .thenRun(
                      () -> {
                        merging--;
                        done.run();
                      });
        });
  }

  /** A node becomes a member of an island. */
  private void admit(SimNode node, Island island) {
    long now = world.clock.nowMillis();
    for (SimNode member : island.members) {
      heardMillis.put(member.id + "<" + node.id, now);
      heardMillis.put(node.id + "<" + member.id, now);
      member.post(0, () -> member.joined(node));
    }
    List<SimNode> before = List.copyOf(island.members);
    island.members.add(node);
    node.island = island;
    before.forEach(member -> node.joined(member));
    world.partitions.rebalanceLater(island);
  }

  /** A process that has started joins as soon as it can. */
  void join(SimNode node) {
    Island found = null;
    for (Island island : islands()) {
      boolean open =
          island.members.stream()
              .allMatch(
                  member ->
                      !member.name().equals(node.name())
                          && member.island == island
                          && !member.isStalled()
                          && hears(member, node)
                          && hears(node, member));
      if (open && (found == null || island.members.size() > found.members.size())) {
        found = island;
      }
    }
    if (found == null) {
      node.post(500, () -> join(node));
      return;
    }
    world.trace("%s joins %s", node, found);
    admit(node, found);
    node.begin();
  }
}
