package dev.limpet.cluster.sim;

import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.mqtt.NodeId;
import dev.limpet.cluster.view.ViewKeeper;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One life of a node's process: runs tasks unless it stands still, until it is killed. */
final class SimNode implements ViewKeeper.Surroundings {
  private static final int VIEW_MILLIS = 500;
  private static final int WATCH_MILLIS = 250;
  private static final int DIGEST_MILLIS = 2_000;
  private static final int AUDIT_MILLIS = 5_000;

  final SimulatedCluster world;
  final NodeId id;
  Replica[] replicas = new Replica[SimPartitions.COUNT];
  Island island = new Island(List.of());
  boolean alive = true;

  /** From when on others know that it is dead. */
  long noticedMillis;

  final SimStore store;
  final SimRoutes routes;
  final SimHome home;
  final SimPath path;
  final SimConnections connections;
  final SimWills wills;
  private final SimAudit audit;
  private final Deque<Runnable> backlog = new ArrayDeque<>();
  private final Map<NodeId, List<CompletableFuture<?>>> awaited = new LinkedHashMap<>();
  private @Nullable ViewKeeper view;
  private long stalledUntilMillis;
  private long numbers;

  SimNode(SimulatedCluster world, NodeId id) {
    this.world = world;
    this.id = id;
    this.store = new SimStore(this);
    this.routes = new SimRoutes(this);
    this.home = new SimHome(this);
    this.path = new SimPath(this);
    this.connections = new SimConnections(this);
    this.wills = new SimWills(this);
    this.audit = new SimAudit(this);
  }

  /** It is a member now. */
  void begin() {
    ViewKeeper keeper = new ViewKeeper(id, world.mode, SimMembership.DETECTION_MILLIS, this);
    view = keeper;
    every(VIEW_MILLIS, () -> ask(keeper));
    every(WATCH_MILLIS, home::watch);
    every(DIGEST_MILLIS, routes::tellDigest);
    every(AUDIT_MILLIS, audit::look);
    routes.loadDeparted();
    routes.tellDigest();
    home.watch();
  }

  private void every(int millis, Runnable task) {
    post(
        millis,
        () -> {
          task.run();
          every(millis, task);
        });
  }

  private void ask(ViewKeeper keeper) {
    if (!keeper.isServing()) {
      keeper.look();
    }
    Buffer words = keeper.words();
    long askedNanos = nowNanos();
    for (NodeId peer : keeper.nodes()) {
      if (!peer.equals(id)) {
        var unused =
            world
                .network
                .<Boolean>ask(this, peer, node -> node.heard(words))
                .whenComplete(
                    (nothing, failure) -> {
                      if (failure == null) {
                        keeper.confirmed(peer, askedNanos);
                      }
                    });
      }
    }
    keeper.renewLease();
  }

  private CompletableFuture<Boolean> heard(Buffer words) {
    if (view != null) {
      view.heard(words);
    }
    return CompletableFuture.completedFuture(true);
  }

  /** Runs a task on this node after a while, or when it goes on. */
  void post(long delayMillis, Runnable task) {
    world.clock.after(delayMillis, () -> run(task));
  }

  private void run(Runnable task) {
    if (!alive) {
      return;
    }
    if (isStalled() || !backlog.isEmpty()) {
      backlog.add(task);
    } else {
      task.run();
    }
  }

  boolean isStalled() {
    return world.clock.nowMillis() < stalledUntilMillis;
  }

  void stall(long millis) {
    stalledUntilMillis = Math.max(stalledUntilMillis, world.clock.nowMillis() + millis);
    world.clock.after(millis, this::thaw);
  }

  private void thaw() {
    while (alive && !isStalled() && !backlog.isEmpty()) {
      backlog.remove().run();
    }
  }

  void kill() {
    alive = false;
    noticedMillis = world.clock.nowMillis() + 100 + world.random.nextInt(1_000);
  }

  Replica replica(int partition) {
    if (replicas[partition] == null) {
      replicas[partition] = new Replica();
    }
    return replicas[partition];
  }

  long nextNumber() {
    return ++numbers;
  }

  String name() {
    return id.name();
  }

  boolean isMember() {
    return view != null;
  }

  boolean isServing() {
    return view != null && view.isServing() && routes.isInStep();
  }

  /** Not cut off, as routing asks. */
  boolean isWithMajority() {
    return view != null && view.isServing();
  }

  boolean isConfirmed() {
    return view != null && (world.planted == Planted.SKIPPED_FENCING || view.isConfirmed());
  }

  boolean isLive(NodeId node) {
    return member(node) != null;
  }

  @Nullable SimNode member(NodeId node) {
    for (SimNode member : island.members) {
      if (member.id.equals(node)) {
        return member;
      }
    }
    return null;
  }

  NodeId homeOf(ClientId clientId) {
    SimNode owner = island.owners[SimPartitions.of(clientId.value())];
    return owner == null ? id : owner.id;
  }

  void awaits(NodeId peer, CompletableFuture<?> answer) {
    List<CompletableFuture<?>> of = awaited.computeIfAbsent(peer, node -> new ArrayList<>());
    of.removeIf(CompletableFuture::isDone);
    of.add(answer);
  }

  void left(List<SimNode> gone) {
    for (SimNode node : gone) {
      routes.left(node.id);
      home.left(node.id);
      wills.left(node.id);
    }
    if (view != null) {
      view.look();
    }
    for (SimNode node : gone) {
      List<CompletableFuture<?>> waiting = awaited.remove(node.id);
      if (waiting != null) {
        waiting.forEach(each -> each.completeExceptionally(SimNetwork.GONE));
      }
    }
  }

  void joined(SimNode node) {
    routes.joined(node.id);
    home.joined(node.id);
    wills.joined(node.id);
    if (view != null) {
      view.joined(node.id);
      routes.tellDigest();
    }
  }

  /** Two islands have become one. */
  void merged() {
    home.merged();
    connections.wakeAll();
    post(world.random.nextInt(1_000), audit::look);
  }

  @Override
  public long nowNanos() {
    return world.clock.nowMillis() * 1_000_000;
  }

  @Override
  public List<NodeId> members() {
    return island.ids();
  }

  @Override
  public boolean isRefused(NodeId node) {
    return world.isRefused(this, node);
  }

  @Override
  public void tell(NodeId peer, Buffer words) {
    SimNode to = member(peer);
    if (to != null) {
      world.network.send(
          this,
          to,
          () -> {
            if (to.island == island) {
              var unused = to.heard(words);
            }
          });
    }
  }

  @Override
  public void changed(boolean serving) {
    world.trace("%s %s", this, serving ? "serves again" : "is cut off");
    if (!serving && world.planted != Planted.SKIPPED_FENCING) {
      post(world.random.nextInt(20), connections::cutOff);
    }
  }

  @Override
  public String toString() {
    return id.name() + "." + id.incarnation();
  }
}
