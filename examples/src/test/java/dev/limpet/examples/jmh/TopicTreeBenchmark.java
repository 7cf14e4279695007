package dev.limpet.examples.jmh;

import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Group;
import org.openjdk.jmh.annotations.GroupThreads;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/**
 * Matching topics against very many subscriptions, also while others subscribe. The percentiles of
 * {@code match} say what a publication meets, and those of {@code whileSubscribing:publish} whether
 * subscribing ever stalls it.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 3)
@Measurement(iterations = 3, time = 5)
@Fork(value = 1, jvmArgs = "-Xmx3g")
public class TopicTreeBenchmark {

  @Param("1000000")
  int subscriptions;

  private final SplittableRandom random = new SplittableRandom(1);
  private PlantTree plant;

  /** Subscribes all. */
  @Setup
  public void subscribe() {
    plant = new PlantTree(subscriptions);
  }

  @Benchmark
  public void match(Blackhole sink) {
    plant.match(random.nextInt(subscriptions), sink::consume);
  }

  @Benchmark
  @Group("whileSubscribing")
  @GroupThreads(1)
  public void publish(Blackhole sink) {
    plant.match(random.nextInt(subscriptions), sink::consume);
  }

  @State(Scope.Thread)
  public static class Subscriber {
    private final SplittableRandom random = new SplittableRandom(2);
  }

  @Benchmark
  @Group("whileSubscribing")
  @GroupThreads(1)
  public boolean resubscribe(Subscriber subscriber) {
    int device = subscriber.random.nextInt(subscriptions);
    return plant.unsubscribe(device) && plant.subscribe(device);
  }
}
