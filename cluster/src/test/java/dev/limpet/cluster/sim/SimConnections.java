package dev.limpet.cluster.sim;

import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.mqtt.NodeId;
import dev.limpet.broker.mqtt.Will;
import dev.limpet.broker.spi.Claim;
import dev.limpet.broker.spi.cluster.Claimed;
import dev.limpet.broker.spi.cluster.Ending;
import dev.limpet.cluster.directory.ClaimCell;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A node's connections by client id: CONNECT, takeover and eviction, as the broker does them. */
final class SimConnections {
  private static final int EVICTION_MILLIS = 10_000;
  private static final int INDEX_RETRY_MILLIS = 300;

  private final SimNode node;
  private final Map<ClientId, SimConnection> attached = new LinkedHashMap<>();
  private final List<SimConnection> pending = new ArrayList<>();
  private final Map<Claim, Ending> endings = new HashMap<>();

  SimConnections(SimNode node) {
    this.node = node;
  }

  Collection<SimConnection> attached() {
    return List.copyOf(attached.values());
  }

  /** CONNECT has come. */
  void connect(SimLink link) {
    if (!node.isServing()) {
      link.close();
      return;
    }
    SimConnection made = new SimConnection(node, link);
    link.server = made;
    pending.add(made);
    long now = node.world.clock.nowMillis();
    long attempt = node.world.random.nextLong();
    Claim caller = new Claim(made.clientId(), node.id, 0);
    Will will = link.will;
    var unused =
        node.store
            .step(
                made.clientId(),
                cell -> {
                  ClaimCell.Step<Claimed> step = cell.claim(caller, will, now, attempt);
                  link.claimed(step.answer().claim().epoch());
                  return step;
                })
            .thenAccept(claimed -> claimed(made, claimed));
  }

  private void claimed(SimConnection made, Claimed claimed) {
    made.claim = claimed.claim();
    Claim previous = claimed.previous();
    CompletableFuture<Ending> settled =
        previous == null
            ? CompletableFuture.completedFuture(Ending.BROKEN)
            : evictAt(previous.host(), previous);
    if (previous != null) {
      node.world.trace("%s takes %s over from %s", node, claimed.claim(), previous);
    }
    var unused =
        settled.thenAccept(
            ending -> {
              settleWill(claimed, ending);
              open(made);
            });
  }

  private CompletableFuture<Ending> evictAt(NodeId host, Claim previous) {
    CompletableFuture<Ending> ending = new CompletableFuture<>();
    CompletableFuture<Ending> asked =
        host.equals(node.id)
            ? evict(previous)
            : node.world.network.ask(node, host, to -> to.connections.evict(previous));
    var unused =
        asked.whenComplete(
            (answer, failure) -> ending.complete(failure == null ? answer : Ending.BROKEN));
    node.post(EVICTION_MILLIS, () -> ending.complete(Ending.BROKEN));
    return ending;
  }

  private void settleWill(Claimed claimed, Ending ending) {
    Will will = claimed.unsentWill();
    boolean due = will != null && (will.delaySeconds() == 0 || ending.sessionEnded());
    if (due && !ending.willCancelled()) {
      node.wills.publish(claimed.claim().clientId(), will);
    }
  }

  private void open(SimConnection made) {
    if (!made.isDurable()) {
      attach(made);
      return;
    }
    Claim claim = made.claim();
    long now = node.world.clock.nowMillis();
    var unused =
        node.store
            .write(
                claim.clientId(),
                entry ->
                    entry.write(cell -> cell.open(claim, false, SimConnection.EXPIRY_SECONDS, now)))
            .thenAccept(
                stored -> {
                  if (stored.isEmpty()) {
                    leave(made); // fenced
                    return;
                  }
                  made.opened(stored.get());
                  var unusedIndexed =
                      indexAtHome(claim.clientId()).thenAccept(done -> attach(made));
                });
  }

  /** Has the home route for a session, wherever it is by then. */
  CompletableFuture<Void> indexAtHome(ClientId id) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    tryIndex(id, done, 0);
    return done;
  }

  private void tryIndex(ClientId id, CompletableFuture<Void> done, int tries) {
    NodeId home = node.homeOf(id);
    CompletableFuture<Void> indexed =
        home.equals(node.id)
            ? node.home.index(List.of(id))
            : node.world.network.ask(node, home, to -> to.home.index(List.of(id)));
    var unused =
        indexed.whenComplete(
            (nothing, failure) -> {
              if (failure == null) {
                done.complete(null);
              } else if (tries < 100) {
                node.post(INDEX_RETRY_MILLIS, () -> tryIndex(id, done, tries + 1));
              } else {
                done.completeExceptionally(failure);
              }
            });
  }

  private void attach(SimConnection made) {
    pending.remove(made);
    if (made.hasEnded()) {
      return;
    }
    if (made.evictedThrough >= made.claim().epoch()) {
      made.superseded = true;
      made.end();
      return;
    }
    SimConnection before = attached.put(made.clientId(), made);
    if (before != null) {
      evict(before);
    }
    if (!made.link.isOpen || !node.isWithMajority()) {
      made.abandoned = !node.isWithMajority();
      made.end();
      return;
    }
    made.begin();
  }

  private void leave(SimConnection made) {
    pending.remove(made);
    made.end();
  }

  void detach(SimConnection gone) {
    attached.remove(gone.clientId(), gone);
    pending.remove(gone);
  }

  /** Ends the connection of a claim; done when its last state is stored. */
  CompletableFuture<Ending> evict(Claim old) {
    if (node.world.planted == Planted.SKIPPED_FENCING) {
      return CompletableFuture.completedFuture(Ending.BROKEN);
    }
    boolean connecting = false;
    for (SimConnection connect : pending) {
      if (connect.clientId().equals(old.clientId())) {
        connect.evictedThrough = Math.max(connect.evictedThrough, old.epoch());
        connecting |= connect.claim == null || connect.claim.equals(old);
      }
    }
    Ending otherwise = connecting ? Ending.NEVER_CONNECTED : Ending.BROKEN;
    SimConnection found = attached.get(old.clientId());
    if (found == null || found.claim().epoch() > old.epoch()) {
      return CompletableFuture.completedFuture(take(old, otherwise));
    }
    return evict(found).thenApply(own -> found.claim().equals(old) ? own : take(old, otherwise));
  }

  private Ending take(Claim old, Ending otherwise) {
    Ending known = endings.remove(old);
    return known == null ? otherwise : known;
  }

  private static CompletableFuture<Ending> evict(SimConnection found) {
    found.superseded = true;
    found.end();
    return found.done;
  }

  /** The release came too late: the new claim's host asks. */
  void remember(Claim claim, Ending ending) {
    endings.put(claim, ending);
  }

  void cutOff() {
    for (SimConnection each : attached()) {
      each.abandoned = true;
      each.end();
    }
  }

  void wake(ClientId id) {
    SimConnection found = attached.get(id);
    if (found != null) {
      found.wake();
    }
  }

  void wakeAll() {
    attached().forEach(SimConnection::wake);
  }

  /** Whether a claim is used here, or may be soon. */
  boolean holds(Claim claim) {
    SimConnection found = attached.get(claim.clientId());
    return (found != null && claim.equals(found.claim))
        || pending.stream()
            .anyMatch(
                connect ->
                    connect.clientId().equals(claim.clientId())
                        && (connect.claim == null || claim.equals(connect.claim)));
  }

  @Nullable SimConnection of(ClientId id) {
    return attached.get(id);
  }
}
