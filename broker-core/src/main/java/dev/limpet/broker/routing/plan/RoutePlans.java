package dev.limpet.broker.routing.plan;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.limpet.broker.delivery.DurableSubscriptions;
import dev.limpet.broker.delivery.LocalSubscriptions;
import dev.limpet.broker.mqtt.NodeId;
import dev.limpet.broker.routing.ports.RoutingPorts;
import dev.limpet.broker.routing.share.ShareStrategy;
import dev.limpet.broker.routing.share.ShareTurn;
import dev.limpet.broker.spi.cluster.RouteTable;
import dev.limpet.broker.topic.SharedFilter;
import dev.limpet.broker.topic.TopicName;

/**
 * Makes route plans and keeps those of the topics in use, until a subscription or a route changes.
 *
 * <p>Thread-safe.
 */
public final class RoutePlans {
  /**
   * Sessions and inboxes in all plans that are kept, some 40 MB; the least used plans go first, and
   * are computed again when needed.
   */
  private static final int TARGETS_MAX = 1_000_000;

  /** Weight of a plan besides its targets, which bounds their number at 10,000. */
  private static final int PLAN_TARGETS = 100;

  /** Share groups whose turn is kept. */
  private static final int GROUPS_MAX = 100_000;

  /** A plan with the versions of its sources. */
  private record Made(RoutePlan plan, long local, long durable, long routes) {}

  private final Cache<TopicName, Made> made =
      Caffeine.newBuilder()
          .maximumWeight(TARGETS_MAX)
          .weigher((TopicName topic, Made kept) -> PLAN_TARGETS + kept.plan().size())
          .build();
  private final Cache<SharedFilter, ShareTurn> turns =
      Caffeine.newBuilder().maximumSize(GROUPS_MAX).build();
  private final LocalSubscriptions local;
  private final DurableSubscriptions durable;
  private final RouteTable routes;
  private final NodeId self;
  private final ShareStrategy strategy;

  public RoutePlans(RoutingPorts ports, ShareStrategy strategy) {
    this.local = ports.localSubscriptions();
    this.durable = ports.durableSubscriptions();
    this.routes = ports.cluster().routes();
    this.self = ports.membership().self();
    this.strategy = strategy;
  }

  /** The plan for a topic, as of now. */
  public RoutePlan of(TopicName topic) {
    Made kept = made.getIfPresent(topic);
    if (kept == null || !isCurrent(kept)) {
      kept = make(topic);
      made.put(topic, kept);
    }
    return kept.plan();
  }

  /**
   * Forgets plans that are no longer true, and with them the clients that left: a topic may never
   * be published to again. Now and then, from any thread.
   */
  public void forgetStale() {
    made.asMap().values().removeIf(kept -> !isCurrent(kept));
  }

  /** How many plans are kept. */
  public long size() {
    return made.estimatedSize();
  }

  private boolean isCurrent(Made kept) {
    return kept.local() == local.version()
        && kept.durable() == durable.version()
        && kept.routes() == routes.version();
  }

  private Made make(TopicName topic) {
    // Versions first: a change while matching makes the plan stale, never wrong for ever.
    long localVersion = local.version();
    long durableVersion = durable.version();
    long routesVersion = routes.version();
    PlanMaker maker = new PlanMaker(topic, self, local, durable);
    local.match(topic, maker::local);
    durable.match(topic, maker::durable);
    routes.match(topic, maker::route);
    RoutePlan plan = maker.plan(filter -> turns.get(filter, key -> new ShareTurn(strategy)));
    return new Made(plan, localVersion, durableVersion, routesVersion);
  }
}
