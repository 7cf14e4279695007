package dev.limpet.broker.delivery;

import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.mqtt.Subscription;
import dev.limpet.broker.spi.Stages;
import dev.limpet.broker.spi.cluster.RouteKind;
import dev.limpet.broker.spi.store.SessionImage;
import dev.limpet.broker.topic.SharedFilter;
import dev.limpet.broker.topic.TopicName;
import dev.limpet.broker.topic.TopicTree;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Indexes the subscriptions of all durable sessions at home on this node, and advertises their
 * durable routes. A working copy of the store, refreshed by {@link HomeIndex}.
 *
 * <p>Thread-safe: changes lock, readers do not.
 */
public final class DurableSubscriptions {
  private final TopicTree<DurableSubscription> tree = new TopicTree<>();
  private final Map<ClientId, SessionImage> sessions = new ConcurrentHashMap<>();
  private final RouteUsers routes;
  private volatile int offline;

  /** Counts comings and goings of members of share groups, which plans depend on. */
  private final AtomicLong presence = new AtomicLong();

  public DurableSubscriptions(RouteUsers routes) {
    this.routes = routes;
  }

  /**
   * Updates a session to its present state in the store.
   *
   * @return done when every live peer has the routes
   */
  public synchronized CompletionStage<Void> refresh(SessionImage image) {
    SessionImage before = sessions.put(image.clientId(), image);
    offline += offline(image) - offline(before);
    List<Subscription> old = before == null ? List.of() : before.subscriptions();
    Set<Subscription> keep = new HashSet<>(image.subscriptions());
    Set<Subscription> had = new HashSet<>(old);
    List<CompletableFuture<Void>> advertised = new ArrayList<>();
    for (Subscription subscription : image.subscriptions()) {
      CompletionStage<Void> done =
          had.contains(subscription) ? advertised(subscription) : add(image, subscription);
      advertised.add(done.toCompletableFuture());
    }
    for (Subscription subscription : old) {
      if (!keep.contains(subscription)) {
        remove(image.clientId(), subscription);
      }
    }
    presence(shares(before), shares(image), advertised);
    return Stages.all(advertised);
  }

  /** The groups a session is a connected member of; empty when it is away. */
  private static Set<SharedFilter> shares(@Nullable SessionImage image) {
    Set<SharedFilter> shares = new HashSet<>();
    if (image != null && image.host() != null) {
      for (Subscription each : image.subscriptions()) {
        if (each.filter().isShared() && each.maxQos().isAcknowledged()) {
          shares.add(each.filter());
        }
      }
    }
    return shares;
  }

  private void presence(
      Set<SharedFilter> before, Set<SharedFilter> now, List<CompletableFuture<Void>> advertised) {
    if (before.equals(now)) {
      return;
    }
    for (SharedFilter share : now) {
      if (!before.contains(share)) {
        advertised.add(routes.add(share, RouteKind.DURABLE_CONNECTED).toCompletableFuture());
      }
    }
    for (SharedFilter share : before) {
      if (!now.contains(share)) {
        routes.remove(share, RouteKind.DURABLE_CONNECTED);
      }
    }
    presence.incrementAndGet();
  }

  /** The session is gone, or at home elsewhere. */
  public synchronized void forget(ClientId clientId) {
    SessionImage gone = sessions.remove(clientId);
    if (gone != null) {
      offline -= offline(gone);
      gone.subscriptions().forEach(subscription -> remove(clientId, subscription));
      presence(shares(gone), Set.of(), new ArrayList<>());
    }
  }

  /** Forgets all sessions that match. */
  public void forgetIf(Predicate<ClientId> moved) {
    sessions.keySet().stream().filter(moved).forEach(this::forget);
  }

  /** Returns what this node knows of a session at home here. */
  public Optional<SessionImage> session(ClientId clientId) {
    return Optional.ofNullable(sessions.get(clientId));
  }

  /** The ids of all sessions at home here, at some moment. */
  public Collection<ClientId> clientIds() {
    return List.copyOf(sessions.keySet());
  }

  /** Whether a session at home here is connected, on any node. */
  public boolean isConnected(ClientId clientId) {
    SessionImage image = sessions.get(clientId);
    return image != null && image.host() != null;
  }

  /** Visits the matching subscriptions. */
  public void match(TopicName topic, Consumer<? super DurableSubscription> visitor) {
    tree.match(topic, visitor);
  }

  /**
   * Changes with each change of a subscription, and when a member of a share group comes or goes.
   */
  public long version() {
    return tree.version() + presence.get();
  }

  /** How many durable sessions are at home here. */
  public int size() {
    return sessions.size();
  }

  /** How many of them have no connection. */
  public int offline() {
    return offline;
  }

  private static int offline(@Nullable SessionImage image) {
    return image != null && image.host() == null ? 1 : 0;
  }

  private CompletionStage<Void> advertised(Subscription subscription) {
    return subscription.maxQos().isAcknowledged()
        ? routes.advertised(subscription.filter(), RouteKind.DURABLE)
        : CompletableFuture.completedFuture(null);
  }

  private CompletionStage<Void> add(SessionImage image, Subscription subscription) {
    tree.add(
        subscription.filter().filter(), new DurableSubscription(image.clientId(), subscription));
    return subscription.maxQos().isAcknowledged()
        ? routes.add(subscription.filter(), RouteKind.DURABLE)
        : CompletableFuture.completedFuture(null);
  }

  private void remove(ClientId clientId, Subscription subscription) {
    tree.remove(subscription.filter().filter(), new DurableSubscription(clientId, subscription));
    if (subscription.maxQos().isAcknowledged()) {
      routes.remove(subscription.filter(), RouteKind.DURABLE);
    }
  }
}
