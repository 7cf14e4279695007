package dev.limpet.examples.jmh;

import com.hazelcast.config.Config;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import dev.limpet.broker.mqtt.Publication;
import dev.limpet.broker.solo.HeapRetainedStore;
import dev.limpet.broker.spi.store.RetainedStore;
import dev.limpet.broker.topic.TopicFilter;
import dev.limpet.store.StoreMaps;
import dev.limpet.store.call.CallOptions;
import dev.limpet.store.retained.HazelcastRetainedStore;
import dev.limpet.store.retained.RetainedOptions;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Subscribing with a wildcard that finds a few of very many retained publications. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 2, time = 3)
@Measurement(iterations = 3, time = 5)
@Fork(value = 1, jvmArgs = "-Xmx5g")
public class RetainedSearchBenchmark {

  private static final int FOUND_MAX = 1_000;
  private static final int UNDER_WAY_MAX = 256;

  /** How many topics a filter finds that has to look everywhere. */
  private static final int RARE = 10;

  @Param("1000000")
  int retained;

  @Param({"heap", "hazelcast"})
  String store;

  private final SplittableRandom random = new SplittableRandom(1);
  private RetainedStore opened;
  private AutoCloseable closing;

  /** Retains one publication of each device, and of ten far from each other two more. */
  @Setup
  public void retain() {
    open();
    Deque<CompletableFuture<Void>> underWay = new ArrayDeque<>();
    for (int device = 0; device < retained; device++) {
      retain(Plant.publication(device), underWay);
    }
    for (int device = 0; device < retained; device += retained / RARE) {
      retain(Plant.alarm(device), underWay);
      retain(Plant.pump(device), underWay);
    }
    underWay.forEach(CompletableFuture::join);
  }

  private void retain(Publication publication, Deque<CompletableFuture<Void>> underWay) {
    underWay.add(opened.retain(publication).toCompletableFuture());
    if (underWay.size() > UNDER_WAY_MAX) {
      underWay.remove().join();
    }
  }

  private void open() {
    if (store.equals("heap")) {
      opened = new HeapRetainedStore(2 * retained, Long.MAX_VALUE, System::currentTimeMillis);
      closing = () -> {};
      return;
    }
    Config config = new Config().setClusterName("retained-search");
    config.setProperty("hazelcast.phone.home.enabled", "false");
    config.setProperty("hazelcast.logging.type", "slf4j");
    config.getNetworkConfig().getInterfaces().setEnabled(true).addInterface("127.0.0.1");
    config.getNetworkConfig().getJoin().getAutoDetectionConfig().setEnabled(false);
    config.getNetworkConfig().getJoin().getMulticastConfig().setEnabled(false);
    StoreMaps.configure(config);
    HazelcastInstance member = Hazelcast.newHazelcastInstance(config);
    opened =
        new HazelcastRetainedStore(
            member,
            RetainedOptions.DEFAULT,
            CallOptions.DEFAULT,
            System::currentTimeMillis,
            new SimpleMeterRegistry());
    closing = member::shutdown;
  }

  /** Ends what was started. */
  @TearDown
  public void close() throws Exception {
    closing.close();
  }

  /** Ten devices in a row, by a filter that says where they are. */
  @Benchmark
  public List<Publication> tenOfOneLine() {
    int device = random.nextInt(retained) / 10 * 10;
    return found("plant/%d/line/%d/+/status".formatted(device / 10_000, device / 100 % 100), 10);
  }

  /** One device, by a filter that begins with a wildcard: every plant and line may have it. */
  @Benchmark
  public List<Publication> oneAnywhere() {
    return found("plant/+/line/+/device-%d/#".formatted(random.nextInt(retained)), FOUND_MAX);
  }

  /** Ten topics that have one of 10,000 lines each; each line may have one. */
  @Benchmark
  public List<Publication> tenOfAllLines() {
    return found("plant/+/line/+/pump/#", FOUND_MAX);
  }

  /** Ten topics of a million devices; each device may have one. */
  @Benchmark
  public List<Publication> tenOfAllDevices() {
    return found("plant/+/line/+/+/alarm", FOUND_MAX);
  }

  private List<Publication> found(String filter, int max) {
    return opened.match(TopicFilter.of(filter), max).toCompletableFuture().join();
  }
}
