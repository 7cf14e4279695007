package dev.limpet.examples.nemesis.nodes;

import dev.limpet.examples.nemesis.history.Event;
import dev.limpet.examples.nemesis.history.History;
import dev.limpet.examples.nemesis.history.Kind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The broker processes of one round. A supervisor, too: what ends by itself is started again.
 * Thread-safe.
 */
public final class Cluster implements AutoCloseable {

  private static final long END_MILLIS = 60_000;
  private static final long ANSWER_MILLIS = 60_000;

  private final List<Node> nodes = new ArrayList<>();
  private final Agreement agreement = new Agreement();
  private final History history;
  private final Commands commands;

  /**
   * @param count how many nodes there can be, joiners included
   * @param folder for their logs
   */
  public Cluster(int count, Commands commands, History history, Path folder) {
    this.history = history;
    this.commands = commands;
    List<String> addresses = new ArrayList<>();
    for (int number = 0; number < count; number++) {
      addresses.add(commands.peer(Network.address(number)));
    }
    String join = String.join(",", addresses);
    for (int number = 0; number < count; number++) {
      nodes.add(new Node(number, commands, join, folder));
    }
  }

  /** Where clients find the node. */
  public record Address(String node, String host, int port, int directPort) {}

  /** The addresses of the first so many nodes. */
  public List<Address> addresses(int count) {
    return nodes.subList(0, count).stream()
        .map(n -> new Address(n.name(), n.address(), commands.port(), commands.directPort()))
        .toList();
  }

  /** How many nodes should run now. */
  public int running() {
    return (int) nodes.stream().filter(Node::isWanted).count();
  }

  Node node(int number) {
    return nodes.get(number);
  }

  /** Starts a process where none is wanted; the one before may still be about to end. */
  public void start(int number) {
    Node node = nodes.get(number);
    try {
      node.awaitEnd(END_MILLIS);
      node.start(status -> again(node, status));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void again(Node node, int status) {
    history.record(Event.of(Kind.EXITED, node.name()).number(status));
    node.start(next -> again(node, next));
  }

  /**
   * Waits until all nodes that should run answer, records that faults are over, and then whether
   * they become one ready cluster.
   */
  public boolean settle(long millis) {
    List<Node> wanted = nodes.stream().filter(Node::isWanted).toList();
    history.await(
        ANSWER_MILLIS, () -> agreement.ask(wanted).stream().allMatch(Agreement.Word::answers));
    history.record(Event.of(Kind.CALM, ""));
    AtomicReference<List<Agreement.Word>> words = new AtomicReference<>(List.of());
    boolean agreed =
        history.await(
            millis,
            () -> {
              words.set(agreement.ask(wanted));
              return Agreement.isOneCluster(words.get());
            });
    Kind kind = agreed ? Kind.AGREED : Kind.DISAGREED;
    history.record(Event.of(kind, "").noting(words.get().toString()));
    return agreed;
  }

  @Override
  public void close() {
    nodes.forEach(Node::kill);
    try {
      for (Node node : nodes) {
        node.awaitEnd(END_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
