package dev.limpet.cluster.sim;

import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.mqtt.NodeId;
import dev.limpet.broker.spi.store.SessionImage;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Indexes the sessions at home on a node, and recovers those of nodes that have departed. */
final class SimHome {
  /** As long as an append to the old home may be under way. */
  private static final int HAND_OVER_MILLIS = 15_000;

  private final SimNode node;
  private final Map<ClientId, SessionImage> index = new TreeMap<>();
  private final Map<ClientId, Long> lookedUp = new HashMap<>();
  private final BitSet indexed = new BitSet();
  private final @Nullable NodeId[] holders = new NodeId[SimPartitions.COUNT];
  private final long[] elsewhereSince = new long[SimPartitions.COUNT];
  private boolean indexingNow;
  private boolean stale;
  private long lookUps;

  SimHome(SimNode node) {
    this.node = node;
  }

  BitSet indexed() {
    return (BitSet) indexed.clone();
  }

  Map<ClientId, SessionImage> index() {
    return index;
  }

  /** Reads sessions and routes for them; done when every live peer has the routes. */
  CompletableFuture<Void> index(List<ClientId> ids) {
    if (ids.stream().anyMatch(id -> !node.homeOf(id).equals(node.id))) {
      return CompletableFuture.failedFuture(new IllegalStateException("not home"));
    }
    long number = ++lookUps;
    List<CompletableFuture<Void>> all = new ArrayList<>();
    for (ClientId id : ids) {
      all.add(
          node.store
              .describe(id)
              .thenAccept(
                  image -> {
                    if (lookedUp.getOrDefault(id, 0L) <= number) {
                      lookedUp.put(id, number);
                      image.ifPresentOrElse(found -> index.put(id, found), () -> index.remove(id));
                    }
                  }));
    }
    return CompletableFuture.allOf(all.toArray(CompletableFuture[]::new))
        .thenCompose(
            read -> {
              ids.stream().map(index::get).forEach(this::wake);
              return node.routes.advertise(topics());
            });
  }

  private void wake(@Nullable SessionImage image) {
    if (image != null && image.host() != null && image.inboxDepth() > 0) {
      wake(image.host(), image.clientId());
    }
  }

  void wake(NodeId host, ClientId id) {
    SimNode to = node.member(host);
    if (to != null) {
      node.world.network.send(node, to, () -> to.connections.wake(id));
    }
  }

  Set<String> topics() {
    return index.values().stream()
        .flatMap(image -> topics(image).stream())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  static Set<String> topics(SessionImage image) {
    return image.subscriptions().stream()
        .map(subscription -> subscription.filter().filter().toString())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Follows the partition table. */
  void watch() {
    BitSet owned = owned();
    indexed.and(owned);
    BitSet gained = (BitSet) owned.clone();
    gained.andNot(indexed);
    if (!gained.isEmpty() && !indexingNow) {
      gain(gained);
    }
    forgetMoved();
    finishRecoveries();
  }

  private BitSet owned() {
    BitSet owned = new BitSet();
    for (int p = 0; p < SimPartitions.COUNT; p++) {
      owned.set(p, node.island.owners[p] == node && node.island.promoted[p]);
    }
    return owned;
  }

  private void gain(BitSet gained) {
    indexingNow = true;
    List<ClientId> ids = new ArrayList<>();
    gained.stream()
        .forEach(
            p ->
                node.replica(p)
                    .entries
                    .forEach(
                        (id, entry) -> {
                          if (entry.session != null) {
                            ids.add(ClientId.of(id));
                          }
                        }));
    var unused =
        index(ids)
            .whenComplete(
                (done, failure) -> {
                  indexingNow = false;
                  if (failure == null && !stale) {
                    gained.and(owned());
                    indexed.or(gained);
                    gained.stream().forEach(p -> holders[p] = node.id);
                    node.routes.tellDigest();
                    finishRecoveries();
                  }
                  stale = false;
                });
  }

  /** Stops routing for sessions that another node has indexed long ago. */
  private void forgetMoved() {
    long now = node.world.clock.nowMillis();
    for (int p = 0; p < SimPartitions.COUNT; p++) {
      boolean elsewhere = holders[p] != null && !holders[p].equals(node.id) && !indexed.get(p);
      elsewhereSince[p] = !elsewhere ? 0 : elsewhereSince[p] == 0 ? now : elsewhereSince[p];
    }
    boolean removed =
        index
            .keySet()
            .removeIf(
                id -> {
                  long since = elsewhereSince[SimPartitions.of(id.value())];
                  return since != 0 && now - since > HAND_OVER_MILLIS;
                });
    if (removed) {
      node.routes.retain(topics());
    }
  }

  private void finishRecoveries() {
    if (!node.routes.hasDeparted()) {
      return;
    }
    for (int p = 0; p < SimPartitions.COUNT; p++) {
      if (holders[p] == null || !node.isLive(holders[p]) || !node.island.promoted[p]) {
        return;
      }
    }
    node.routes.recovered();
    node.path.flush();
    node.connections.wakeAll();
  }

  void indexedBy(NodeId peer, BitSet theirs) {
    if (node.isLive(peer)) {
      theirs.stream().forEach(p -> holders[p] = peer);
    }
  }

  void left(NodeId gone) {
    for (int p = 0; p < SimPartitions.COUNT; p++) {
      if (gone.equals(holders[p])) {
        holders[p] = null;
      }
    }
  }

  void joined(NodeId peer) {
    left(peer); // what it said in another island does not count
  }

  void merged() {
    indexed.clear();
    stale = indexingNow;
    watch();
  }
}
