package dev.limpet.broker.connection.connected;

import dev.limpet.broker.connection.MqttConnection;
import dev.limpet.broker.connection.Permissions;
import dev.limpet.broker.connection.attachment.Attachment;
import dev.limpet.broker.mqtt.Subscription;
import dev.limpet.broker.routing.replay.RetainedReplay;
import dev.limpet.broker.routing.replay.RetainedReplay.Join;
import dev.limpet.broker.routing.replay.Watermarks;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Looks up the retained messages for one client's new subscriptions, some at a time: one packet may
 * match thousands, and further ones wait.
 *
 * <p>Confined to its lane.
 */
final class RetainedLookups {
  /** Lookups for one client at the same time. */
  private static final int UNDER_WAY_MAX = 16;

  private final MqttConnection connection;
  private final RetainedReplay replay;
  private final Attachment attachment;
  private final Permissions permissions;

  /** Those whose lookup has not begun, so that the end of the connection ends them. */
  private final Set<Join> begun = new HashSet<>();

  /** Lookups not started yet; null while there are none. */
  private @Nullable Queue<Lookup> waiting;

  /** Done when the last change has been given to the store. */
  private CompletableFuture<?> lastBegun = CompletableFuture.completedFuture(null);

  /** Lookups without an answer. */
  private int underWay;

  /** A pending lookup of retained messages for one subscription. */
  private record Lookup(Join join, Watermarks line) {}

  RetainedLookups(
      MqttConnection connection,
      RetainedReplay replay,
      Attachment attachment,
      Permissions permissions) {
    this.connection = connection;
    this.replay = replay;
    this.attachment = attachment;
    this.permissions = permissions;
  }

  /** Whether some wait for their turn. */
  boolean isBehind() {
    return waiting != null;
  }

  /** Call before a subscription is announced. */
  Join begin(Subscription subscription) {
    Join join = replay.begin(attachment, subscription);
    begun.add(join);
    return join;
  }

  /**
   * Stores a change of subscriptions once no newer message can precede their retained ones; changes
   * are stored in the order of these calls.
   */
  CompletableFuture<Void> store(List<Join> joins, Supplier<CompletionStage<Void>> change) {
    CompletableFuture<CompletionStage<Void>> begun =
        lastBegun.thenCombine(replay.held(joins), (before, held) -> change.get());
    lastBegun = begun;
    return begun.thenCompose(stored -> stored);
  }

  /**
   * All nodes know of the subscriptions: draws the line for their retained messages, if allowed.
   */
  CompletableFuture<Watermarks> line(List<Join> joins) {
    return joins.isEmpty()
        ? CompletableFuture.completedFuture(Watermarks.NONE)
        : replay.line(joins);
  }

  /** Looks up and sends the retained messages of a subscription. */
  void add(Join join, Watermarks line) {
    add(new Lookup(join, line));
  }

  private void add(Lookup lookup) {
    if (underWay >= UNDER_WAY_MAX) {
      if (waiting == null) {
        waiting = new ArrayDeque<>();
      }
      waiting.add(lookup);
      return;
    }
    begun.remove(lookup.join());
    underWay++;
    var unused =
        replay
            .replay(lookup.join(), lookup.line(), permissions::receive)
            .whenComplete((nothing, failure) -> done()); // on the lane
  }

  /** They bring nothing after all. */
  void abandon(List<Join> joins) {
    joins.forEach(replay::abandon);
    joins.forEach(begun::remove);
  }

  /** Drops lookups that have not started, as the connection has ended. */
  void close() {
    waiting = null;
    abandon(List.copyOf(begun));
  }

  private void done() {
    underWay--;
    if (waiting == null) {
      return;
    }
    while (waiting != null && underWay < UNDER_WAY_MAX) {
      Lookup next = waiting.remove();
      waiting = waiting.isEmpty() ? null : waiting;
      if (attachment.session().hasSubscription(next.join().subscription().filter())) {
        add(next);
      } else { // unsubscribed meanwhile
        abandon(List.of(next.join()));
      }
    }
    if (waiting == null) {
      connection.resume();
    }
  }
}
