package dev.limpet.cluster.sim;

import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.spi.Claim;
import dev.limpet.broker.spi.cluster.ClaimView;
import dev.limpet.broker.spi.store.SessionImage;
import dev.limpet.cluster.audit.ClaimVerdict;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Compares connections, claims, sessions and the index now and then; mends what it sees twice. */
final class SimAudit {
  private final SimNode node;
  private Set<Object> before = new HashSet<>();
  private Set<Object> seen = new HashSet<>();

  SimAudit(SimNode node) {
    this.node = node;
  }

  void look() {
    if (!node.isConfirmed() || node.world.planted == Planted.SKIPPED_FENCING) {
      return;
    }
    before = seen;
    seen = new HashSet<>();
    node.connections.attached().forEach(this::look);
    for (int p = 0; p < SimPartitions.COUNT; p++) {
      if (node.island.owners[p] == node && node.island.promoted[p]) {
        lookAtHome(p);
      }
    }
  }

  private boolean isSeenTwice(Object finding) {
    seen.add(finding);
    return before.contains(finding);
  }

  private void look(SimConnection connection) {
    Claim own = connection.claim();
    ClientId id = own.clientId();
    var unused =
        node.store
            .read(id, entry -> Optional.ofNullable(entry.claim.view(id)))
            .thenAccept(view -> judge(connection, view.orElse(null)));
  }

  private void judge(SimConnection connection, @Nullable ClaimView view) {
    Claim own = connection.claim();
    if (connection.hasEnded()) {
      return;
    }
    ClaimVerdict verdict = ClaimVerdict.of(own, view);
    if (verdict != ClaimVerdict.SOUND && !isSeenTwice(List.of(own, verdict))) {
      return;
    }
    switch (verdict) {
      case SOUND -> {}
      case LOST -> restore(own);
      case OUTDONE -> evict(own);
      case CONTESTED -> ifConnected(Objects.requireNonNull(view).claim(), () -> evict(own));
    }
    boolean sound = verdict == ClaimVerdict.SOUND || verdict == ClaimVerdict.LOST;
    if (connection.isDurable() && sound) {
      var unused =
          node.store.describe(own.clientId()).thenAccept(image -> judge(connection, image));
    }
  }

  private void restore(Claim own) {
    node.world.trace("audit at %s restores %s", node, own);
    long attempt = node.world.random.nextLong();
    var unused = node.store.step(own.clientId(), cell -> cell.restore(own, attempt));
  }

  private void evict(Claim own) {
    node.world.trace("audit at %s ends %s", node, own);
    var unused = node.connections.evict(own);
  }

  private void ifConnected(Claim other, Runnable then) {
    CompletableFuture<Boolean> held =
        other.host().equals(node.id)
            ? CompletableFuture.completedFuture(node.connections.holds(other))
            : node.world.network.ask(
                node,
                other.host(),
                to -> CompletableFuture.completedFuture(to.connections.holds(other)));
    var unused =
        held.thenAccept(
            connected -> {
              if (connected) {
                then.run();
              }
            });
  }

  private void judge(SimConnection connection, Optional<SessionImage> found) {
    Claim own = connection.claim();
    if (found.isEmpty() || connection.hasEnded()) {
      if (found.isEmpty() && isSeenTwice(List.of(own, "gone"))) {
        connection.end();
      }
      return;
    }
    SessionImage image = found.get();
    if (image.epoch() > own.epoch()) {
      if (isSeenTwice(List.of(own, image.epoch()))) {
        evict(own);
      }
    } else if (image.epoch() < own.epoch() || !own.host().equals(image.host())) {
      if (isSeenTwice(List.of(own, "closed"))) {
        reopen(connection);
      }
    } else if (connection.isStuck(image.lastSequence())) {
      if (isSeenTwice(List.of(own, "stuck"))) {
        node.world.trace("audit at %s wakes %s", node, own);
        connection.wake();
      }
    }
  }

  private void reopen(SimConnection connection) {
    Claim own = connection.claim();
    node.world.trace("audit at %s reopens %s", node, own);
    var unused =
        node.store
            .write(
                own.clientId(),
                entry -> entry.write(cell -> cell.reopen(own, connection.lastRead())))
            .thenAccept(
                held -> {
                  if (held) {
                    node.connections.indexAtHome(own.clientId());
                    connection.wake();
                  } else {
                    connection.end();
                  }
                });
  }

  /** Claims and sessions of a partition at home here. */
  private void lookAtHome(int partition) {
    List<ClientId> differ = new ArrayList<>();
    node.replica(partition)
        .entries
        .forEach(
            (key, entry) -> {
              ClientId id = ClientId.of(key);
              SessionImage stored = SimStore.image(id, entry).orElse(null);
              SessionImage known = node.home.index().get(id);
              if (!isSame(stored, known) && isSeenTwice(List.of(id, "index"))) {
                differ.add(id);
              }
              lookAtClaim(entry.claim.view(id), entry.claim.isPending());
            });
    if (!differ.isEmpty()) {
      node.world.trace("audit at %s indexes %s", node, differ);
      var unused = node.home.index(differ);
    }
  }

  private static boolean isSame(@Nullable SessionImage stored, @Nullable SessionImage known) {
    return stored == null || known == null
        ? Objects.equals(stored, known)
        : stored.epoch() == known.epoch()
            && Objects.equals(stored.host(), known.host())
            && stored.subscriptions().equals(known.subscriptions());
  }

  private void lookAtClaim(@Nullable ClaimView view, boolean pending) {
    if (view == null || (!view.connected() && !pending)) {
      return;
    }
    Claim claim = view.claim();
    if (!node.isLive(claim.host())) {
      if (isSeenTwice(List.of(claim, "orphan"))) {
        node.wills.adoptLeftOver(claim);
      }
    } else if (view.connected()) {
      CompletableFuture<Boolean> held =
          claim.host().equals(node.id)
              ? CompletableFuture.completedFuture(node.connections.holds(claim))
              : node.world.network.ask(
                  node,
                  claim.host(),
                  to -> CompletableFuture.completedFuture(to.connections.holds(claim)));
      var unused =
          held.thenAccept(
              holds -> {
                if (!holds && isSeenTwice(List.of(claim, "left over"))) {
                  node.wills.adoptLeftOver(claim);
                }
              });
    }
  }
}
