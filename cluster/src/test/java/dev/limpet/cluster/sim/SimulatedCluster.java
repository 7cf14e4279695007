package dev.limpet.cluster.sim;

import dev.limpet.broker.mqtt.NodeId;
import dev.limpet.cluster.view.SplitMode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/** A whole cluster and its clients in one thread, all of whose chance comes from a seed. */
final class SimulatedCluster {
  private static final List<String> TOPICS = List.of("t/1", "t/2", "t/3");
  private static final int SETTLE_MILLIS = 20_000;
  private static final int TRACE_MAX = 20_000;

  final long seed;
  final Planted planted;
  final Random random;
  final SplitMode mode;
  final SimClock clock = new SimClock();
  final SimNetwork network;
  final SimPartitions partitions;
  final Invariants invariants;
  private final SimMembership membership;
  private final boolean traced;
  private final List<String> trace = new ArrayList<>();
  private final Map<String, SimNode> nodes = new LinkedHashMap<>();
  private final Map<NodeId, SimNode> lives = new LinkedHashMap<>();
  private final List<SimClient> clients = new ArrayList<>();
  private long incarnations;
  private boolean isLoaded = true;

  SimulatedCluster(long seed, Planted planted, boolean traced) {
    this.seed = seed;
    this.planted = planted;
    this.traced = traced;
    this.random = new Random(seed);
    this.mode = random.nextInt(4) == 0 ? SplitMode.AVAILABLE : SplitMode.CONSISTENT;
    this.network = new SimNetwork(clock, random);
    this.partitions = new SimPartitions(this);
    this.membership = new SimMembership(this);
    this.invariants = new Invariants(this);
  }

  /** A whole run; what was violated stands in {@link #invariants}. */
  SimulatedCluster run() {
    begin();
    connectClients();
    new FaultSchedule(this).run();
    isLoaded = false;
    clock.run(SETTLE_MILLIS);
    for (int waited = 0; waited < SETTLE_MILLIS && !isQuiet(); waited += 500) {
      clock.run(500);
    }
    isLoaded = true;
    clients.stream()
        .filter(client -> client.isDurable)
        .forEach(client -> TOPICS.forEach(topic -> client.publish(topic, 1)));
    isLoaded = false;
    clock.run(SETTLE_MILLIS);
    invariants.settled();
    return this;
  }

  private boolean isQuiet() {
    return clients.stream()
        .filter(client -> client.isDurable)
        .allMatch(client -> client.isConnected() && !client.hasUnacknowledged());
  }

  private void begin() {
    int[] sizes = {3, 3, 3, 2, 4, 5};
    int size = sizes[random.nextInt(sizes.length)];
    trace("%d nodes, %s", size, mode);
    List<SimNode> all = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      all.add(create("abcde".substring(i, i + 1)));
    }
    Island island = new Island(all);
    for (int p = 0; p < SimPartitions.COUNT; p++) {
      island.owners[p] = all.get(p % size);
      island.backups[p] = all.get((p + 1) % size);
      island.promoted[p] = true;
      island.copied[p] = true;
    }
    all.forEach(node -> node.island = island);
    all.forEach(SimNode::begin);
    membership.start();
    clock.run(500);
  }

  private SimNode create(String name) {
    SimNode node = new SimNode(this, new NodeId(name, ++incarnations));
    nodes.put(name, node);
    lives.put(node.id, node);
    return node;
  }

  private void connectClients() {
    for (int i = 0; i < 4; i++) {
      Set<String> topics = Set.of(TOPICS.get(i % 3), TOPICS.get((i + 1) % 3), SimClient.WILLS);
      add(new SimClient(this, "d" + i, "durable-" + i, topics));
    }
    for (String device : List.of("x1", "x2", "y1", "y2")) {
      add(new SimClient(this, device, "contested-" + device.charAt(0), Set.of()));
    }
    for (int waited = 0; waited < 20_000 && !areSubscribed(); waited += 200) {
      clock.run(200);
    }
    if (!areSubscribed()) {
      invariants.violated("G3", "clients are not subscribed after 20 s");
    }
    clients.forEach(this::live);
  }

  private void add(SimClient client) {
    clients.add(client);
    clock.after(random.nextInt(300), client::connect);
  }

  private boolean areSubscribed() {
    return clients.stream().allMatch(client -> client.isSubscribed() || !client.isDurable);
  }

  /** What a client does of its own accord. */
  private void live(SimClient client) {
    clock.after(
        100 + random.nextInt(700),
        () -> {
          if (isLoaded) {
            act(client);
          }
          live(client);
        });
  }

  private void act(SimClient client) {
    int chance = random.nextInt(100);
    if (client.isDurable) {
      if (chance == 0) {
        client.drop();
      } else if (chance == 1) {
        client.disconnect();
      } else {
        client.publish(TOPICS.get(random.nextInt(3)), 1 + random.nextInt(2));
      }
    } else if (chance < 10) {
      client.connect();
    } else if (chance < 13) {
      client.drop();
    } else if (chance < 15) {
      client.disconnect();
    }
  }

  List<SimNode> nodes() {
    return List.copyOf(nodes.values());
  }

  List<SimClient> clients() {
    return clients;
  }

  SimNode anyNode() {
    List<SimNode> all = nodes();
    return all.get(random.nextInt(all.size()));
  }

  /** A trap of the partitions snaps, in one of some hundred cases. */
  boolean isRare() {
    return random.nextInt(400) == 0;
  }

  void kill(SimNode node) {
    if (node.alive) {
      trace("%s is killed", node);
      node.kill();
      clock.after(20, () -> clients.forEach(client -> client.broken(node)));
    }
  }

  void start(String name) {
    SimNode node = create(name);
    trace("%s starts", node);
    membership.join(node);
  }

  /** Whether a host that can be reached refuses connections, since its process is dead. */
  boolean isRefused(SimNode asker, NodeId node) {
    SimNode life = lives.get(node);
    return life != null
        && !life.alive
        && nodes.get(node.name()) == life
        && network.hears(asker.name(), node.name())
        && network.hears(node.name(), asker.name());
  }

  /** Whether any one node may be lost. */
  boolean isSafe() {
    Island island = nodes().get(0).island;
    return membership.merging == 0
        && nodes().stream()
            .allMatch(node -> node.alive && !node.isStalled() && node.island == island)
        && nodes().stream().allMatch(SimNode::isServing)
        && island.isWhole();
  }

  void trace(String what, Object... values) {
    if (traced && trace.size() < TRACE_MAX) {
      String time = String.format("%9.3f  ", clock.elapsedMillis() / 1_000.0);
      trace.add(time + String.format(what, values));
    }
  }

  String report() {
    return "seed "
        + seed
        + "\n"
        + String.join("\n", trace)
        + "\n"
        + String.join("\n", invariants.violations());
  }
}
