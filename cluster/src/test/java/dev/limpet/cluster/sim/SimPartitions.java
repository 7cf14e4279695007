package dev.limpet.cluster.sim;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Hazelcast's partitions: an owner that executes, one backup that repeats, promotion when the owner
 * is gone, migration to new members. Traps: a promotion that lasts, an answer that is lost after
 * the operation has run, a backup that misses a write.
 */
final class SimPartitions {
  static final int COUNT = 6;
  private static final int CALL_MILLIS = 4_000;
  private static final int RETRY_MILLIS = 200;

  private static final RuntimeException FAILED = new IllegalStateException("no answer");

  private final SimulatedCluster world;
  private final Random random;
  private final long[] movedMillis = new long[COUNT];

  SimPartitions(SimulatedCluster world) {
    this.world = world;
    this.random = world.random;
  }

  static int of(String clientId) {
    return Math.floorMod(clientId.hashCode(), COUNT);
  }

  /** When the home of a client id changed last. */
  long movedMillis(String clientId) {
    return movedMillis[of(clientId)];
  }

  /** An operation on a partition; the same on owner and backup. */
  record Operation<T>(int partition, boolean writes, Function<Replica, T> work) {}

  /** Calls until there is an answer, as long as the caller lives. */
  <T> CompletableFuture<T> call(SimNode caller, Operation<T> operation) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    attempt(caller, operation, answer);
    return answer;
  }

  private <T> void attempt(SimNode caller, Operation<T> operation, CompletableFuture<T> answer) {
    CompletableFuture<T> once = new CompletableFuture<>();
    var unused =
        once.whenComplete(
            (value, failure) -> {
              if (failure == null) {
                answer.complete(value);
              } else {
                caller.post(RETRY_MILLIS, () -> attempt(caller, operation, answer));
              }
            });
    Island island = caller.island;
    SimNode owner = island.owners[operation.partition()];
    if (owner == null) {
      once.completeExceptionally(FAILED);
      return;
    }
    long untilMillis = world.clock.nowMillis() + CALL_MILLIS;
    caller.post(CALL_MILLIS, () -> once.completeExceptionally(FAILED));
    world.network.send(
        caller,
        owner,
        () -> {
          if (world.clock.nowMillis() > untilMillis || !isOwner(island, owner, operation)) {
            reply(owner, caller, () -> once.completeExceptionally(FAILED));
          } else {
            execute(
                island,
                operation,
                owner,
                value -> reply(owner, caller, () -> once.complete(value)));
          }
        });
  }

  private interface Reply<T> {
    void with(T value);
  }

  private void reply(SimNode owner, SimNode caller, Runnable task) {
    if (owner == caller || world.isRare()) {
      if (owner == caller) {
        task.run();
      }
      return; // else lost, after the operation has run
    }
    world.network.send(owner, caller, task);
  }

  private static boolean isOwner(Island island, SimNode owner, Operation<?> operation) {
    int p = operation.partition();
    return owner.island == island && island.owners[p] == owner && island.promoted[p];
  }

  private <T> void execute(Island island, Operation<T> operation, SimNode owner, Reply<T> reply) {
    int p = operation.partition();
    Replica replica = owner.replica(p);
    T value = operation.work().apply(replica);
    SimNode backup = island.backups[p];
    if (!operation.writes() || backup == null || !island.copied[p]) {
      reply.with(value);
      return;
    }
    long version = ++replica.version;
    if (world.planted == Planted.EARLY_ACKNOWLEDGEMENT) {
      reply.with(value);
      owner.post(random.nextInt(1_500), () -> backUp(island, operation, backup, version, () -> {}));
      return;
    }
    world.network.send(
        owner,
        backup,
        () ->
            backUp(
                island,
                operation,
                backup,
                version,
                () -> world.network.send(backup, owner, () -> reply.with(value))));
  }

  private void backUp(
      Island island, Operation<?> operation, SimNode backup, long version, Runnable done) {
    int p = operation.partition();
    if (backup.island != island || island.backups[p] != backup || !island.copied[p]) {
      return;
    }
    Replica replica = backup.replica(p);
    if (world.isRare() || island.stale[p] || replica.version != version - 1) {
      if (replica.version < version) {
        if (!island.stale[p]) {
          island.stale[p] = true;
          copyLater(island, p);
        }
      }
      return;
    }
    var unused = operation.work().apply(replica);
    replica.version = version;
    done.run();
  }

  /** Makes the table of nodes that go on without others. */
  Island split(Island old, List<SimNode> stay) {
    Island next = new Island(stay);
    for (int p = 0; p < COUNT; p++) {
      SimNode owner = old.owners[p];
      SimNode backup = old.backups[p];
      boolean ownerStays = stay.contains(owner);
      boolean backupStays = stay.contains(backup) && old.copied[p];
      if (ownerStays) {
        next.owners[p] = owner;
        next.promoted[p] = old.promoted[p];
        next.backups[p] = backupStays ? backup : null;
        next.copied[p] = backupStays;
        next.stale[p] = backupStays && old.stale[p];
        if (next.stale[p]) {
          copyLater(next, p);
        }
      } else {
        next.owners[p] = backupStays ? backup : stay.get(p % stay.size());
        if (!backupStays) {
          world.trace("partition %d is lost to %s", p, next);
          next.owners[p].replicas[p] = new Replica();
        }
      }
      if (!next.promoted[p]) {
        promoteLater(next, p);
      }
    }
    rebalanceLater(next);
    return next;
  }

  private void promoteLater(Island island, int p) {
    boolean stuck = random.nextInt(40) == 0; // until the watchdog has healed it
    SimNode owner = island.owners[p];
    owner.post(
        stuck ? 3_000 + random.nextInt(3_000) : 50 + random.nextInt(500),
        () -> {
          if (owner.island == island && island.owners[p] == owner) {
            island.promoted[p] = true;
            movedMillis[p] = world.clock.nowMillis();
          }
        });
  }

  void rebalanceLater(Island island) {
    if (!island.isRebalancing) {
      island.isRebalancing = true;
      world.clock.after(300 + random.nextInt(1_000), () -> rebalance(island));
    }
  }

  private void rebalance(Island island) {
    island.isRebalancing = false;
    if (island.isLeft || island.members.isEmpty()) {
      return;
    }
    for (int p = 0; p < COUNT; p++) {
      if (island.backups[p] == null && island.members.size() > 1) {
        SimNode owner = island.owners[p];
        island.backups[p] = leastLoaded(island, owner);
        island.copied[p] = false;
        copyLater(island, p);
      }
    }
    if (island.isWhole()) {
      move(island);
    } else {
      rebalanceLater(island);
    }
  }

  private static SimNode leastLoaded(Island island, @Nullable SimNode but) {
    List<SimNode> others = new ArrayList<>(island.members);
    others.remove(but);
    return others.stream()
        .min(Comparator.comparingLong(node -> island.ownedBy(node) + backedUpBy(island, node)))
        .orElseThrow();
  }

  private static long backedUpBy(Island island, SimNode node) {
    long count = 0;
    for (SimNode backup : island.backups) {
      count += backup == node ? 1 : 0;
    }
    return count;
  }

  private void copyLater(Island island, int p) {
    SimNode backup = island.backups[p];
    world.clock.after(
        100 + random.nextInt(900),
        () -> {
          SimNode owner = island.owners[p];
          if (island.isLeft
              || island.backups[p] != backup
              || (island.copied[p] && !island.stale[p])) {
            return;
          }
          if (island.promoted[p] && canMove(island, owner, backup)) {
            backup.replicas[p] = owner.replica(p).copy();
            island.copied[p] = true;
            island.stale[p] = false;
          } else {
            copyLater(island, p);
          }
        });
  }

  private boolean canMove(Island island, SimNode one, SimNode other) {
    return one.alive
        && other.alive
        && one.island == island
        && other.island == island
        && !one.isStalled()
        && !other.isStalled()
        && world.network.hears(one.name(), other.name())
        && world.network.hears(other.name(), one.name());
  }

  /** Gives one partition to the node that has the fewest; the old owner becomes its backup. */
  private void move(Island island) {
    SimNode most = island.members.stream().max(byOwned(island)).orElseThrow();
    SimNode least = island.members.stream().min(byOwned(island)).orElseThrow();
    if (island.ownedBy(most) - island.ownedBy(least) < 2) {
      return;
    }
    if (canMove(island, most, least)) {
      for (int p = 0; p < COUNT; p++) {
        if (island.owners[p] == most) {
          least.replicas[p] = most.replica(p).copy();
          island.owners[p] = least;
          movedMillis[p] = world.clock.nowMillis();
          island.backups[p] = most;
          island.copied[p] = true;
          island.stale[p] = false;
          world.trace("partition %d moves from %s to %s", p, most, least);
          break;
        }
      }
    }
    rebalanceLater(island);
  }

  private static Comparator<SimNode> byOwned(Island island) {
    return Comparator.comparingLong(island::ownedBy);
  }
}
