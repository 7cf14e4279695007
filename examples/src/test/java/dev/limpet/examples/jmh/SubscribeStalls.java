package dev.limpet.examples.jmh;

import com.sun.management.ThreadMXBean;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;

/**
 * What makes single operations on a tree of very many subscriptions slow while one thread publishes
 * and another subscribes: for each kind how long the slowest took by the clock and in CPU time of
 * its own thread (in which a virtual machine counts what its host takes away), how many bytes it
 * allocated at most (which shows what was copied, whatever else the machine does), and of those
 * above a millisecond how many a collection fell into, how many used the CPU that long, and how
 * many were neither: threads that waited for a core, or for a pause that no collector counts.
 */
final class SubscribeStalls {
  private static final long STALL_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
  private static final int SAMPLES_MAX = 1 << 24;
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final List<GarbageCollectorMXBean> COLLECTORS =
      ManagementFactory.getGarbageCollectorMXBeans();

  private final int subscriptions;
  private final PlantTree plant;

  SubscribeStalls(int subscriptions) {
    this.subscriptions = subscriptions;
    this.plant = new PlantTree(subscriptions);
  }

  /** Prints them; arguments: subscriptions, seconds. */
  public static void main(String[] arguments) {
    SubscribeStalls stalls = new SubscribeStalls(Integer.parseInt(arguments[0]));
    int seconds = Integer.parseInt(arguments[1]);
    stalls.run(seconds / 3 + 1); // warms up
    stalls.run(seconds).forEach(System.out::println);
  }

  List<String> run(int seconds) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    long collections = collections();
    Kind match = new Kind("match", device -> plant.match(device, value -> {}));
    Kind remove = new Kind("remove", plant::unsubscribe);
    Kind add = new Kind("add", plant::subscribe);
    CompletableFuture<Void> publishing = CompletableFuture.runAsync(() -> loop(end, 1, match));
    CompletableFuture<Void> subscribing =
        CompletableFuture.runAsync(() -> loop(end, 2, remove, add));
    CompletableFuture.allOf(publishing, subscribing).join();
    String pauses = "collections " + (collections() - collections);
    return List.of(match.line(), remove.line(), add.line(), pauses);
  }

  private void loop(long end, int seed, Kind... kinds) {
    SplittableRandom random = new SplittableRandom(seed);
    while (System.nanoTime() < end) {
      int device = random.nextInt(subscriptions);
      for (Kind kind : kinds) {
        kind.measure(device);
      }
    }
  }

  private static long collections() {
    long count = 0;
    for (GarbageCollectorMXBean collector : COLLECTORS) {
      count += collector.getCollectionCount();
    }
    return count;
  }

  /** One kind of operation. Confined to its thread until that has ended. */
  private static final class Kind {
    private final String name;
    private final IntConsumer operation;
    private final int[] nanos = new int[SAMPLES_MAX];
    private int count;
    private long cpuNanosMax;
    private long bytesMax;
    private int inCollection;
    private int onCpu;
    private int waiting;

    Kind(String name, IntConsumer operation) {
      this.name = name;
      this.operation = operation;
    }

    void measure(int device) {
      long collections = collections();
      long bytes = THREADS.getCurrentThreadAllocatedBytes();
      long cpu = THREADS.getCurrentThreadCpuTime();
      long start = System.nanoTime();
      operation.accept(device);
      long took = System.nanoTime() - start;
      long used = THREADS.getCurrentThreadCpuTime() - cpu;
      bytesMax = Math.max(bytesMax, THREADS.getCurrentThreadAllocatedBytes() - bytes);
      boolean collected = collections() != collections;
      if (!collected) {
        cpuNanosMax = Math.max(cpuNanosMax, used);
      }
      if (took > STALL_NANOS) {
        inCollection += collected ? 1 : 0;
        onCpu += !collected && used > STALL_NANOS ? 1 : 0;
        waiting += !collected && used <= STALL_NANOS ? 1 : 0;
      }
      nanos[count++ % SAMPLES_MAX] = (int) Math.min(took, Integer.MAX_VALUE);
    }

    String line() {
      int samples = Math.min(count, SAMPLES_MAX);
      Arrays.sort(nanos, 0, samples);
      return "%-7s %9d times; us: p99 %.1f p99.99 %.1f p99.999 %.1f max %.1f"
              .formatted(
                  name,
                  count,
                  at(samples, 0.99),
                  at(samples, 0.9999),
                  at(samples, 0.99999),
                  at(samples, 1))
          + "; at most %.1f us of CPU, %d bytes".formatted(cpuNanosMax / 1e3, bytesMax)
          + "; above 1 ms: in a collection %d, on the CPU %d, waiting for it %d"
              .formatted(inCollection, onCpu, waiting);
    }

    private double at(int samples, double share) {
      return nanos[(int) Math.min(samples - 1, samples * share)] / 1e3;
    }
  }
}
