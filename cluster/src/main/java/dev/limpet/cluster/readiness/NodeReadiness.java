package dev.limpet.cluster.readiness;

import dev.limpet.broker.mqtt.NodeId;
import dev.limpet.cluster.http.Readiness;
import dev.limpet.cluster.member.HazelcastMembership;
import dev.limpet.cluster.recovery.PartitionRecovery;
import dev.limpet.cluster.routes.HazelcastRouteTable;
import dev.limpet.cluster.watchdog.Watchdog;
import dev.limpet.store.hazelcast.Migrations;
import java.util.List;
import java.util.function.Supplier;

/** Says whether a joined node is ready. Thread-safe; {@link #readiness} does not block. */
public final class NodeReadiness implements AutoCloseable {

  private final Parts parts;
  private final CopyWatch copies;
  private volatile boolean share;

  /**
   * Groups what readiness is made of. Immutable.
   *
   * @param clocks what operators should know of peers' clocks, in sentences; does not block
   */
  public record Parts(
      HazelcastMembership membership,
      Migrations migrations,
      HazelcastRouteTable routes,
      PartitionRecovery recovery,
      Supplier<String> cutOff,
      Watchdog watchdog,
      Supplier<List<String>> clocks) {}

  public NodeReadiness(Parts parts) {
    this.parts = parts;
    HazelcastMembership membership = parts.membership();
    this.copies =
        new CopyWatch(membership.self().name(), parts.migrations(), parts.membership()::dataNodes);
  }

  /** Looks from now on. */
  public void start() {
    copies.start();
  }

  /** The node has its share of the partitions, and each has its copy. */
  public void gotShare() {
    share = true;
  }

  /** Whether the node may get clients, and if not, why. */
  public Readiness readiness() {
    return ReadinessChecks.of(new Now());
  }

  @Override
  public void close() {
    copies.close();
  }

  private final class Now implements ReadinessChecks.Facts {
    @Override
    public int dataNodes() {
      return parts.membership().dataNodes();
    }

    @Override
    public List<String> missing() {
      return parts.membership().missing();
    }

    @Override
    public String cutOff() {
      return parts.cutOff().get();
    }

    @Override
    public boolean hasShare() {
      return share;
    }

    @Override
    public int withoutOwner() {
      return parts.migrations().withoutOwner();
    }

    @Override
    public int withoutCopy() {
      return parts.migrations().withoutCopy();
    }

    @Override
    public boolean areCopiesBehind() {
      return copies.isBehind();
    }

    @Override
    public List<String> stuck() {
      return parts.watchdog().sentences();
    }

    @Override
    public long stallMillis() {
      return parts.watchdog().stallMillis();
    }

    @Override
    public List<NodeId> routesBehind() {
      return parts.routes().behind();
    }

    @Override
    public List<String> clocks() {
      return parts.clocks().get();
    }

    @Override
    public String recovery() {
      return parts.recovery().reason();
    }
  }
}
