package dev.limpet.cluster.cli;

import dev.limpet.cluster.cli.client.CliException;
import dev.limpet.cluster.cli.client.TextTable;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Runs the processes of a cluster on this machine, and starts one again that ended because it was
 * stuck or out of memory. Confined to the main thread, but for what follows the end of a process:
 * this object's lock guards that.
 */
final class LocalCluster implements AutoCloseable {

  /** A little longer than a node may take to stop by itself. */
  private static final Duration STOP_MAX = Duration.ofSeconds(11);

  private final List<NodePlan> plans;
  private final PrintWriter err;
  private final List<ChildNode> nodes = new CopyOnWriteArrayList<>();
  private final List<RestartLimit> restarts = new ArrayList<>();
  private final CompletableFuture<Void> noneLeft = new CompletableFuture<>();
  private Function<NodePlan, List<String>> commands = plan -> List.of();

  /** Nodes that have ended and stay down. */
  private int givenUp;

  private boolean stopping;

  LocalCluster(List<NodePlan> plans, PrintWriter err) {
    this.plans = List.copyOf(plans);
    this.err = err;
  }

  /**
   * Starts all processes.
   *
   * @param archive whether they use the class archive, if there is one
   */
  void start(int heapMaxMib, boolean archive) {
    start(plan -> LimpetProcess.command(heapMaxMib, archive, plan.arguments()));
  }

  /** Starts all processes with these words. */
  void start(Function<NodePlan, List<String>> words) {
    commands = words;
    for (NodePlan plan : plans) {
      restarts.add(new RestartLimit(System::nanoTime));
      nodes.add(ChildNode.start(plan, words.apply(plan), err));
    }
  }

  /**
   * Waits until every node is ready and sees all others.
   *
   * @return false when the end was asked for meanwhile
   * @throws CliException when a node has ended, or does not get ready in time
   */
  boolean awaitReady(Duration timeout, CompletableFuture<String> end) {
    long deadline = System.nanoTime() + timeout.toNanos();
    CompletableFuture<?>[] ready =
        nodes.stream()
            .map(node -> awaitReady(node, deadline, end))
            .toArray(CompletableFuture<?>[]::new);
    CompletableFuture<Object> anyEnded =
        CompletableFuture.anyOf(
            nodes.stream().map(ChildNode::ended).toArray(CompletableFuture<?>[]::new));
    CompletableFuture.anyOf(CompletableFuture.allOf(ready), anyEnded, end).join();
    if (end.isDone()) {
      return false;
    }
    for (int i = 0; i < ready.length; i++) {
      requireReady(nodes.get(i), ready[i], timeout);
    }
    keep();
    return true;
  }

  private CompletableFuture<Boolean> awaitReady(
      ChildNode node, long deadline, CompletableFuture<String> end) {
    return CompletableFuture.supplyAsync(
        () -> node.awaitReady(plans.size(), deadline, end), LocalCluster::inOwnThread);
  }

  private void requireReady(ChildNode node, CompletableFuture<?> ready, Duration timeout) {
    if (!node.isAlive()) {
      throw new CliException(node.epitaph() + " before it was ready: its last lines say why");
    }
    if (ready.isDone() && !Boolean.TRUE.equals(ready.join())) {
      throw new CliException(
          "node %s is not ready after %d seconds. %s"
              .formatted(
                  node.plan().name(), timeout.toSeconds(), node.whatItWaitsFor(nodes.size())));
    }
  }

  /** From now on tells of nodes that end, and starts those again that have to be. */
  void keep() {
    nodes.forEach(this::keep);
  }

  private void keep(ChildNode node) {
    node.ended().thenRun(() -> ended(node));
  }

  private synchronized void ended(ChildNode node) {
    if (stopping) {
      return;
    }
    int index = nodes.indexOf(node);
    boolean again = hasToRun(index, node) && restarts.get(index).take();
    err.println(
        "limpet: " + node.epitaph() + (again ? "; it is started again" : "; the others run on"));
    err.flush();
    if (!again || !isStartedAgain(index, node.plan())) {
      givenUp++;
    }
    if (givenUp == nodes.size()) {
      noneLeft.complete(null);
    }
  }

  /** One that was started again may come too early, while the others still take it for alive. */
  private boolean hasToRun(int index, ChildNode node) {
    return node.hasEndedWith(StuckEnd.STATUS)
        || (restarts.get(index).isInUse() && node.hasEndedWith(ErrorMessages.FAILURE));
  }

  private boolean isStartedAgain(int index, NodePlan plan) {
    try {
      ChildNode next = ChildNode.start(plan, commands.apply(plan), err);
      nodes.set(index, next);
      keep(next);
      return true;
    } catch (CliException e) {
      err.println("limpet: " + e.getMessage());
      err.flush();
      return false;
    }
  }

  /** Has every node read its files again. From any thread, once they are started. */
  void readAgain() {
    nodes.stream().filter(ChildNode::isAlive).forEach(ChildNode::readAgain);
  }

  /** Names, ports and process ids. */
  TextTable table() {
    TextTable table = new TextTable("NODE", "MQTT", "DIRECT", "HTTP", "CLUSTER", "PID");
    for (ChildNode node : nodes) {
      NodePlan.Ports ports = node.plan().ports();
      table.add(
          node.plan().name(),
          ports.mqtt(),
          ports.direct(),
          ports.http(),
          ports.cluster(),
          node.pid());
    }
    return table;
  }

  /**
   * Waits for the end.
   *
   * @throws CliException when no node is left
   */
  void awaitEnd(CompletableFuture<String> end) {
    CompletableFuture.anyOf(end, noneLeft).join();
    if (!end.isDone()) {
      throw new CliException("every node has ended: nothing is left to run");
    }
  }

  /** Stops every node: asked first, killed after {@link #STOP_MAX}. Idempotent. */
  @Override
  public void close() {
    synchronized (this) {
      stopping = true;
    }
    nodes.stream().filter(ChildNode::isAlive).forEach(ChildNode::stop);
    CompletableFuture<Void> late = new CompletableFuture<>();
    late.completeOnTimeout(null, STOP_MAX.toMillis(), TimeUnit.MILLISECONDS);
    CompletableFuture.anyOf(allEnded(), late).join();
    for (ChildNode node : nodes) {
      if (node.isAlive()) {
        err.println("limpet: node " + node.plan().name() + " does not stop and is killed");
        node.kill();
      }
    }
    allEnded().join();
  }

  private CompletableFuture<Void> allEnded() {
    return CompletableFuture.allOf(
        nodes.stream().map(ChildNode::ended).toArray(CompletableFuture<?>[]::new));
  }

  /** Waiting blocks, and the common pool has too few threads for it. */
  private static void inOwnThread(Runnable task) {
    Thread thread = new Thread(task, "limpet-wait");
    thread.setDaemon(true);
    thread.start();
  }
}
