package dev.limpet.examples.nemesis.nodes;

import dev.limpet.examples.nemesis.history.Event;
import dev.limpet.examples.nemesis.history.History;
import dev.limpet.examples.nemesis.history.Kind;
import dev.limpet.examples.nemesis.schedule.Harm;
import dev.limpet.examples.nemesis.schedule.Step;
import dev.limpet.examples.nemesis.schedule.Way;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** Does the steps of a schedule to the processes and their network. Used by one thread. */
public final class Faults implements Harm, AutoCloseable {

  /** A starved process runs for a fifth of each of these periods. */
  private static final int PERIOD_MILLIS_LEAST = 50;

  private static final int PERIOD_MILLIS_MOST = 500;
  private static final int STOPPED_PERCENT = 80;
  private static final int FLAP_MILLIS_LEAST = 30;
  private static final int FLAP_MILLIS_MOST = 80;
  private static final int PAUSE_MILLIS_LEAST = 100;
  private static final int PAUSE_MILLIS_MOST = 500;

  private final ScheduledExecutorService later = Executors.newSingleThreadScheduledExecutor();
  private final Shell shell = new Shell();
  private final Network network = new Network(shell);
  private final AtomicLong numbers = new AtomicLong();
  private final AtomicInteger underWay = new AtomicInteger();
  private final Cluster cluster;
  private final History history;
  private final Random random;
  private final IntConsumer storm;
  private String words = "";
  private volatile @Nullable RuntimeException failure;

  /**
   * @param random for the moments inside a fault
   * @param storm connects so many clients
   */
  public Faults(Cluster cluster, History history, Random random, IntConsumer storm) {
    this.cluster = cluster;
    this.history = history;
    this.random = random;
    this.storm = storm;
  }

  /** Does one step after its pause. */
  public void step(Step step) {
    history.pass(step.afterMillis());
    words = step.words();
    step.deed().accept(this);
  }

  @Override
  public void kill(int node) {
    long number = begin(List.of(node));
    cluster.node(node).kill();
    end(number);
  }

  @Override
  public void leave(int node) {
    long number = begin(List.of(node));
    cluster.node(node).leave();
    end(number);
  }

  @Override
  public void start(int node) {
    long number = begin(List.of(node));
    cluster.start(node);
    end(number);
  }

  @Override
  public void freeze(List<Integer> nodes, long millis) {
    long number = begin(nodes);
    signal("STOP", nodes);
    in(
        millis,
        () -> {
          signal("CONT", nodes);
          end(number);
        });
  }

  @Override
  public void starve(List<Integer> nodes, long millis) {
    long number = begin(nodes);
    long untilMillis = history.millis() + millis;
    AtomicInteger starved = new AtomicInteger(nodes.size());
    Runnable fed =
        () -> {
          if (starved.decrementAndGet() == 0) {
            end(number);
          }
        };
    nodes.forEach(node -> hold(node, untilMillis, fed));
  }

  private void hold(int node, long untilMillis, Runnable fed) {
    if (history.millis() >= untilMillis) {
      fed.run();
      return;
    }
    long period = random.nextInt(PERIOD_MILLIS_LEAST, PERIOD_MILLIS_MOST);
    long stopped = period * STOPPED_PERCENT / 100;
    signal("STOP", List.of(node));
    in(
        stopped,
        () -> {
          signal("CONT", List.of(node));
          in(period - stopped, () -> hold(node, untilMillis, fed));
        });
  }

  @Override
  public void cut(List<Way> ways, long millis) {
    long number = begin(ends(ways));
    ways.forEach(network::cut);
    in(
        millis,
        () -> {
          ways.forEach(network::mend);
          end(number);
        });
  }

  @Override
  public void flap(List<Way> ways, long millis) {
    flap(ways, history.millis() + millis, begin(ends(ways)));
  }

  private void flap(List<Way> ways, long untilMillis, long number) {
    if (history.millis() >= untilMillis) {
      end(number);
      return;
    }
    List<Way> some = ways.stream().filter(way -> random.nextBoolean()).toList();
    some.forEach(network::cut);
    in(
        random.nextInt(FLAP_MILLIS_LEAST, FLAP_MILLIS_MOST),
        () -> {
          some.forEach(network::mend);
          in(
              random.nextInt(PAUSE_MILLIS_LEAST, PAUSE_MILLIS_MOST),
              () -> flap(ways, untilMillis, number));
        });
  }

  @Override
  public void storm(int clients) {
    long number = begin(List.of());
    storm.accept(clients);
    end(number);
  }

  @Override
  public void settle(long millis) {
    history.await(millis, () -> underWay.get() == 0 || failure != null);
    if (failure != null) {
      throw new IllegalStateException("a fault could not be ended", failure);
    }
    cluster.settle(millis);
  }

  /** Makes the network, once, for so many nodes. */
  public static void prepare(int nodes) {
    try (Shell shell = new Shell()) {
      new Network(shell).make(nodes);
    }
  }

  private long begin(List<Integer> nodes) {
    long number = numbers.incrementAndGet();
    List<String> names = nodes.stream().map(node -> cluster.node(node).name()).toList();
    underWay.incrementAndGet();
    history.record(Event.of(Kind.FAULT, String.join(",", names)).number(number).noting(words));
    return number;
  }

  private void end(long number) {
    history.record(Event.of(Kind.HEALED, "").number(number));
    underWay.decrementAndGet();
  }

  private void signal(String name, List<Integer> nodes) {
    List<String> pids = new ArrayList<>();
    for (int node : nodes) {
      long pid = cluster.node(node).pid();
      if (pid > 0) {
        pids.add(Long.toString(pid));
      }
    }
    if (!pids.isEmpty()) {
      // A process may end just now, and has nothing to be stopped then.
      shell.run("kill -" + name + " " + String.join(" ", pids) + " 2>&1 || true");
    }
  }

  private static List<Integer> ends(List<Way> ways) {
    Set<Integer> ends = new LinkedHashSet<>();
    for (Way way : ways) {
      ends.add(way.from());
      ends.add(way.to());
    }
    return List.copyOf(ends);
  }

  private void in(long millis, Runnable task) {
    var unused =
        later.schedule(
            () -> {
              try {
                task.run();
              } catch (RuntimeException e) {
                failure = e; // the round cannot go on; settle says so
              }
            },
            millis,
            TimeUnit.MILLISECONDS);
  }

  @Override
  public void close() {
    later.shutdownNow();
    shell.close();
  }
}
