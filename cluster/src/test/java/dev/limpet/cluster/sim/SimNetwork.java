package dev.limpet.cluster.sim;

import dev.limpet.broker.mqtt.NodeId;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Carries frames between nodes, each in order on its link, with delays; a cut holds them back, as
 * TCP does, until it heals or the link's ends part.
 */
final class SimNetwork {
  /** A peer that left the cluster. */
  static final RuntimeException GONE = new IllegalStateException("peer gone");

  private final SimClock clock;
  private final Random random;
  private final Map<String, Deque<Runnable>> queues = new LinkedHashMap<>();
  private final Set<String> cuts = new HashSet<>();
  private final Map<String, Integer> slow = new HashMap<>();

  SimNetwork(SimClock clock, Random random) {
    this.clock = clock;
    this.random = random;
  }

  /** Runs a task at the other end, unless that is gone by then. */
  void send(SimNode from, SimNode to, Runnable task) {
    if (from == to) {
      to.post(0, task);
      return;
    }
    String link = from.id + ">" + to.id;
    queues.computeIfAbsent(link, name -> new ArrayDeque<>()).add(() -> to.post(0, task));
    clock.after(delay(name(from, to)), () -> pump(link, name(from, to)));
  }

  private int delay(String link) {
    int slowness = slow.getOrDefault(link, 0);
    return 1 + random.nextInt(4) + (slowness == 0 ? 0 : random.nextInt(slowness));
  }

  private void pump(String link, String name) {
    Deque<Runnable> queue = queues.get(link);
    if (queue != null && !queue.isEmpty() && !cuts.contains(name)) {
      queue.remove().run();
    }
  }

  private static String name(SimNode from, SimNode to) {
    return from.name() + ">" + to.name();
  }

  boolean hears(String to, String from) {
    return !cuts.contains(from + ">" + to);
  }

  void cut(String from, String to) {
    cuts.add(from + ">" + to);
  }

  void slow(String from, String to, int millisMax) {
    slow.put(from + ">" + to, millisMax);
  }

  /** Mends everything; what was held back arrives. */
  void heal() {
    cuts.clear();
    slow.clear();
    queues.forEach(
        (link, queue) -> {
          for (int i = queue.size(); i > 0; i--) {
            clock.after(1 + random.nextInt(20), () -> pump(link, "healed"));
          }
        });
  }

  /** Two nodes are no members of one cluster any more: what is under way is lost. */
  void part(NodeId one, NodeId other) {
    queues.remove(one + ">" + other);
    queues.remove(other + ">" + one);
  }

  /** Asks a peer; fails when it leaves. */
  <T> CompletableFuture<T> ask(
      SimNode from, NodeId peer, Function<SimNode, CompletableFuture<T>> handler) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    @Nullable SimNode to = from.member(peer);
    if (to == null) {
      from.post(0, () -> answer.completeExceptionally(GONE));
      return answer;
    }
    from.awaits(peer, answer);
    send(
        from,
        to,
        () -> {
          if (to.island != from.island) {
            return; // the transport admits members only
          }
          handler
              .apply(to)
              .whenComplete((value, failure) -> send(to, from, () -> end(answer, value, failure)));
        });
    return answer;
  }

  private static <T> void end(CompletableFuture<T> answer, T value, @Nullable Throwable failure) {
    if (failure == null) {
      answer.complete(value);
    } else {
      answer.completeExceptionally(failure);
    }
  }
}
