package dev.limpet.cluster;

import dev.limpet.broker.BrokerOptions;
import dev.limpet.cluster.member.MemberOptions;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Runs a whole cluster inside a test: n nodes in this JVM, by default on loopback and on free
 * ports.
 *
 * <pre>{@code
 * try (var cluster = EmbeddedCluster.start(3)) {
 *   connectTo("127.0.0.1", cluster.node(0).stickyPort());
 *   cluster.crash(cluster.node(1));
 * }
 * }</pre>
 *
 * <p>Confined to its caller's thread. Do not use it on an event loop: its methods wait.
 */
public final class EmbeddedCluster implements AutoCloseable {

  private static final String LOOPBACK = "127.0.0.1";
  private static final long WAIT_SECONDS = 60;
  private static final long POLL_MILLIS = 20;

  /** Fewer than a real cluster has: they start and move faster. */
  private static final int PARTITIONS = 47;

  private final String name = "embedded-" + UUID.randomUUID();
  private final EmbeddedClusterBuilder told;
  private final List<EmbeddedNode> nodes = new ArrayList<>();

  private EmbeddedCluster(EmbeddedClusterBuilder told) {
    this.told = told;
  }

  /** Starts nodes named {@code node-0}, {@code node-1} and so on, open to this machine. */
  public static EmbeddedCluster start(int nodes) {
    return builder().start(nodes);
  }

  /** The same with bounds of one's own. */
  public static EmbeddedCluster start(int nodes, BrokerOptions options) {
    return builder().options(options).start(nodes);
  }

  /** Returns a builder for guards, TLS, listeners, fixed ports and all other options. */
  public static EmbeddedClusterBuilder builder() {
    return new EmbeddedClusterBuilder();
  }

  static EmbeddedCluster start(int nodes, EmbeddedClusterBuilder told) {
    EmbeddedCluster cluster = new EmbeddedCluster(told);
    try {
      for (int i = 0; i < nodes; i++) {
        cluster.add();
      }
      cluster.awaitSettled();
      return cluster;
    } catch (RuntimeException e) {
      cluster.close();
      throw e;
    }
  }

  /** The node that was started as number {@code index}, from 0, whether or not it still lives. */
  public EmbeddedNode node(int index) {
    return nodes.get(index);
  }

  /** The nodes that live. */
  public List<EmbeddedNode> nodes() {
    return nodes.stream().filter(EmbeddedNode::isLive).toList();
  }

  /** Starts one more node; partitions move to it meanwhile and after. */
  public EmbeddedNode add() {
    List<String> join = nodes().stream().map(node -> LOOPBACK + ":" + node.clusterPort()).toList();
    MemberOptions member =
        MemberOptions.builder()
            .clusterName(name)
            .port(0)
            .join(join)
            .partitionCount(PARTITIONS)
            .build();
    EmbeddedNode node = new EmbeddedNode(told.node(nodes.size(), member));
    nodes.add(node);
    await(node.start());
    return node;
  }

  /** Stops a node cleanly: disconnects its clients and moves its partitions first. */
  public void stop(EmbeddedNode node) {
    await(node.stop());
  }

  /** Ends a node as a crash would. */
  public void crash(EmbeddedNode node) {
    node.crash();
  }

  /** Waits until all live nodes know each other, agree on all homes and recover nothing. */
  public void awaitSettled() {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_SECONDS);
    BooleanSupplier settled = this::isSettled;
    while (!settled.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException("the cluster did not settle in " + WAIT_SECONDS + " s");
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(POLL_MILLIS));
    }
  }

  private boolean isSettled() {
    List<EmbeddedNode> live = nodes();
    List<Object> views = new ArrayList<>();
    for (EmbeddedNode node : live) {
      HazelcastCluster cluster = node.broker().cluster();
      if (cluster.membership().nodes().size() != live.size()
          || !cluster.membership().isServing()
          || cluster.isRecovering()
          || !cluster.hazelcast().getPartitionService().isClusterSafe()) {
        return false;
      }
      List<BitSet> owned =
          live.stream()
              .map(each -> cluster.membership().partitions().ownedBy(each.broker().id()))
              .toList();
      if (owned.stream().anyMatch(BitSet::isEmpty)) {
        return false; // its partitions are still to come
      }
      views.add(owned);
    }
    return views.stream().distinct().count() <= 1;
  }

  /** Stops the nodes that live, the last first, without waiting for partitions to move. */
  @Override
  public void close() {
    for (int i = nodes.size() - 1; i >= 0; i--) {
      nodes.get(i).crash();
    }
  }

  private static void await(CompletionStage<Void> stage) {
    try {
      stage.toCompletableFuture().get(WAIT_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while a node starts or stops", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException(
          "a node did not start or stop: " + e.getCause().getMessage(), e.getCause());
    } catch (TimeoutException e) {
      throw new IllegalStateException("a node took longer than " + WAIT_SECONDS + " s", e);
    }
  }
}
