package dev.limpet.cluster.watchdog;

import com.hazelcast.core.HazelcastInstance;
import dev.limpet.broker.io.VertxInternals;
import dev.limpet.store.hazelcast.Migrations;
import dev.limpet.store.hazelcast.Promotions;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.util.concurrent.EventExecutor;
import io.vertx.core.Vertx;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Consumer;

/** Puts together what the watchdog of a node looks at. Stateless. */
public final class NodeProbes {

  private NodeProbes() {}

  /**
   * Groups the parts that are watched. Immutable.
   *
   * @param node its name
   */
  public record Watched(
      String node,
      Vertx vertx,
      HazelcastInstance hazelcast,
      Promotions promotions,
      Migrations migrations) {}

  /**
   * A watchdog that does not look yet.
   *
   * @param end gets the sentence that says what was stuck, once
   */
  public static Watchdog watch(Watched parts, Consumer<String> end, MeterRegistry registry) {
    Migrations migrations = parts.migrations();
    ThreadProbe operations = operationThreads(migrations);
    MemberProbe member = new MemberProbe();
    parts.hazelcast().getLifecycleService().addLifecycleListener(member);
    Map<StuckState, Probe> probes = new EnumMap<>(StuckState.class);
    probes.put(StuckState.OPERATION_THREAD, operations);
    probes.put(StuckState.EVENT_LOOP, eventLoops(parts.vertx()));
    probes.put(
        StuckState.PROMOTION, new PromotionProbe(parts.promotions(), operations::haveAllAnswered));
    probes.put(StuckState.MIGRATIONS, MigrationProbe.ofProgress(migrations));
    probes.put(StuckState.OWNERS, MigrationProbe.ofOwners(migrations));
    probes.put(
        StuckState.COPIES,
        MigrationProbe.ofCopies(
            migrations, () -> parts.hazelcast().getCluster().getMembers().size()));
    probes.put(StuckState.MERGE_REFUSED, member);
    probes.put(StuckState.MERGE_UNFINISHED, member);
    probes.put(StuckState.MEMBER_DOWN, member);
    return new Watchdog(parts.node(), probes, end, registry);
  }

  private static ThreadProbe operationThreads(Migrations migrations) {
    ThreadProbe probe = new ThreadProbe(StuckState.OPERATION_THREAD);
    for (int thread = 0; thread < migrations.threads(); thread++) {
      int number = thread;
      probe.and(
          "the thread for partitions number " + number, task -> migrations.runOn(number, task));
    }
    return probe.and("the threads for other operations", task -> migrations.runOn(-1, task));
  }

  private static ThreadProbe eventLoops(Vertx vertx) {
    ThreadProbe probe = new ThreadProbe(StuckState.EVENT_LOOP);
    int number = 0;
    for (EventExecutor loop : VertxInternals.eventLoops(vertx)) {
      probe.and("event loop number " + number, loop);
      number++;
    }
    return probe;
  }
}
