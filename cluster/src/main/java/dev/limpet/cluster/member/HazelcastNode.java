package dev.limpet.cluster.member;

import com.hazelcast.cluster.Member;
import com.hazelcast.config.Config;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastException;
import com.hazelcast.core.HazelcastInstance;
import dev.limpet.store.hazelcast.Promotions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * Owns the life cycle of a node's Hazelcast member.
 *
 * <p>Thread-safe. {@link #start}, {@link #leave} and {@link #terminate} block for seconds: never
 * call them on an event loop.
 */
public final class HazelcastNode {

  private static final String COMMON_PARALLELISM =
      "java.util.concurrent.ForkJoinPool.common.parallelism";

  private final HazelcastInstance instance;
  private final Promotions promotions;

  private HazelcastNode(HazelcastInstance instance, Promotions promotions) {
    this.instance = instance;
    this.promotions = promotions;
  }

  /**
   * Starts a member and joins its cluster.
   *
   * @param contributions additions of other modules to the configuration: maps and serializers
   * @throws NodeStartException when the port is taken or another live node has this name
   */
  public static HazelcastNode start(
      MemberOptions options, MemberInfo self, List<Consumer<Config>> contributions) {
    requireCommonPool();
    Config config = HazelcastConfig.of(options, self);
    contributions.forEach(contribution -> contribution.accept(config));
    MapOpening maps = new MapOpening(config);
    HazelcastInstance instance = Joining.of(() -> launch(config, options)).join();
    Promotions promotions = Promotions.unhurried(instance);
    refuseTwin(instance, self, options);
    new StartingPeers(options.join()).await(() -> instance.getCluster().getMembers().size());
    maps.open(instance);
    return new HazelcastNode(instance, promotions);
  }

  /**
   * Gives the common pool two threads where it would have one: with one, every asynchronous
   * completion of Hazelcast starts a thread of its own. Only has an effect before the pool is used.
   */
  public static void requireCommonPool() {
    if (System.getProperty(COMMON_PARALLELISM) == null
        && Runtime.getRuntime().availableProcessors() <= 2) {
      System.setProperty(COMMON_PARALLELISM, "2");
    }
  }

  public HazelcastInstance instance() {
    return instance;
  }

  /** The promotions of copies on this member. */
  public Promotions promotions() {
    return promotions;
  }

  /** The port of Hazelcast, also when the options left the choice to it. */
  public int port() {
    return instance.getCluster().getLocalMember().getAddress().getPort();
  }

  /** Leaves the cluster: partitions move first, if another member can take them. */
  public void leave() {
    if (instance.getLifecycleService().isRunning()
        && instance.getCluster().getMembers().size() == 1) {
      terminate();
    } else {
      instance.shutdown();
    }
  }

  /** Leaves without notice, like a crash. */
  public void terminate() {
    instance.getLifecycleService().terminate();
  }

  private static HazelcastInstance launch(Config config, MemberOptions options) {
    try {
      return Hazelcast.newHazelcastInstance(config);
    } catch (HazelcastException | IllegalStateException e) {
      String where = options.bindHost() + ":" + options.port();
      String message = String.valueOf(e.getMessage());
      if (message.contains("already in use") || message.contains("Address already")) {
        throw new NodeStartException(
            "the cluster port " + where + " is in use: choose another with --cluster", e);
      }
      throw new NodeStartException(
          "the node cannot join its cluster from " + where + ": " + message, e);
    }
  }

  /**
   * A node that died and comes back at once meets its dead self, which the others need some time to
   * notice: only one that stays is a twin.
   */
  private static void refuseTwin(
      HazelcastInstance instance, MemberInfo self, MemberOptions options) {
    long timeout = TimeUnit.SECONDS.toNanos(options.silenceSecondsMax() + 1L);
    long start = System.nanoTime();
    while (hasElderTwin(instance, self)) {
      if (System.nanoTime() - start > timeout) {
        instance.getLifecycleService().terminate();
        throw new NodeStartException(
            "a node named '"
                + self.id().name()
                + "' is already live in cluster '"
                + options.clusterName()
                + "': give this one another name (--name)");
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
    }
  }

  /** Members come in the order they joined: of two that start together the later one yields. */
  private static boolean hasElderTwin(HazelcastInstance instance, MemberInfo self) {
    for (Member member : instance.getCluster().getMembers()) {
      if (member.localMember()) {
        return false;
      }
      if (self.id().name().equals(member.getAttribute(MemberInfo.NAME))) {
        return true;
      }
    }
    return false;
  }
}
