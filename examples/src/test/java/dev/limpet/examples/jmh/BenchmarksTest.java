package dev.limpet.examples.jmh;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.broker.mqtt.ProtocolVersion;
import dev.limpet.broker.topic.TopicFilter;
import dev.limpet.broker.topic.TopicTree;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** That the benchmarks measure what they say, with small numbers. */
class BenchmarksTest {

  private static final int SUBSCRIPTIONS = 200_000;
  private static final int NOISE_BYTES = 100_000;

  @ParameterizedTest
  @ValueSource(strings = {"heap", "hazelcast"})
  void searches_of_retained_publications_find_what_is_there(String store) throws Exception {
    RetainedSearchBenchmark search = new RetainedSearchBenchmark();
    search.retained = 1_000;
    search.store = store;
    search.retain();
    try {
      assertThat(search.tenOfOneLine()).hasSize(10);
      assertThat(search.oneAnywhere()).hasSize(1);
      assertThat(search.tenOfAllLines()).hasSize(10);
      assertThat(search.tenOfAllDevices()).hasSize(10);
    } finally {
      search.close();
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = ProtocolVersion.class,
      names = {"V3_1_1", "V5"})
  void the_codec_takes_back_what_it_wrote(ProtocolVersion version) {
    CodecBenchmark codec = new CodecBenchmark();
    codec.version = version;
    codec.encodeOne();

    assertThat(codec.encode()).isTrue();
    assertThat(codec.decode()).isNotNull();
  }

  @Test
  void tasks_of_lanes_are_all_done() throws Exception {
    LaneBenchmark lanes = new LaneBenchmark();
    lanes.start();
    try {
      lanes.handOver();
      lanes.oneByOne();
    } finally {
      lanes.stop();
    }
  }

  @Test
  void stalls_are_told_for_each_kind_of_operation() {
    assertThat(new SubscribeStalls(1_000).run(1))
        .hasSize(4)
        .allMatch(line -> line.matches("(match|remove|add) .*us: p99 .*|collections .*"));
  }

  @Test
  void a_subscription_takes_200_bytes_of_the_tree_at_most() {
    List<TopicFilter> filters = new ArrayList<>();
    List<Integer> values = new ArrayList<>();
    for (int device = 0; device < SUBSCRIPTIONS; device++) {
      filters.add(Plant.filter(device));
      values.add(device);
    }
    TopicTree<Integer> tree = new TopicTree<>();
    long before = usedBytes();
    for (int device = 0; device < SUBSCRIPTIONS; device++) {
      tree.add(filters.get(device), values.get(device));
    }

    long bytes = usedBytes() - before;

    // Both lists count before and after: they must be in use until here.
    assertThat(filters).hasSameSizeAs(values).hasSize(tree.size());
    assertThat(bytes / SUBSCRIPTIONS).isBetween(50L, 200L);
    List<Integer> found = new ArrayList<>();
    tree.match(Plant.topic(30), found::add);
    assertThat(found).containsExactly(30);
  }

  /** After collections until nothing more goes: tests before this one leave things behind. */
  private static long usedBytes() {
    long before = Long.MAX_VALUE;
    long used = collected();
    while (before - used > NOISE_BYTES) {
      before = used;
      used = collected();
    }
    return used;
  }

  private static long collected() {
    System.gc();
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }
}
