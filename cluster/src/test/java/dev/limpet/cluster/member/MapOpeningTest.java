package dev.limpet.cluster.member;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.hazelcast.config.Config;
import com.hazelcast.config.IndexConfig;
import com.hazelcast.config.IndexType;
import com.hazelcast.config.MapConfig;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.IndeterminateOperationStateException;
import com.hazelcast.core.LifecycleService;
import com.hazelcast.map.IMap;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Opening maps while partitions move. */
class MapOpeningTest {
  private static final IndexConfig INDEX = new IndexConfig(IndexType.SORTED, "__key");

  private final List<String> calls = new ArrayList<>();

  @Test
  void an_index_that_could_not_be_built_is_tried_again() {
    opening().open(instance(2));
    assertThat(calls).containsExactly("addIndex", "addIndex", "addIndex");
  }

  @Test
  void what_never_opens_ends_the_member() {
    HazelcastInstance instance = instance(Integer.MAX_VALUE);
    assertThatThrownBy(() -> opening().open(instance))
        .isInstanceOf(NodeStartException.class)
        .hasMessageContaining("did not open the map 'indexed'");
    assertThat(calls).hasSize(11).endsWith("terminate");
  }

  @Test
  void no_first_use_of_a_map_builds_an_index() {
    try (TestMembers members = new TestMembers(List.of(MapOpeningTest::configure))) {
      for (String name : List.of("a", "b")) {
        HazelcastInstance instance = members.nodeOf(members.start(name)).instance();
        assertThat(instance.getConfig().getMapConfig("indexed").getIndexConfigs()).isEmpty();
        // From its first partition on.
        await()
            .until(() -> instance.getMap("indexed").getLocalMapStats().getIndexStats().size() == 1);
      }
    }
  }

  private static MapOpening opening() {
    Config config = new Config();
    configure(config);
    return new MapOpening(config);
  }

  private static void configure(Config config) {
    config.addMapConfig(new MapConfig("indexed").addIndexConfig(INDEX));
  }

  /** A member whose map refuses an index so many times. */
  private HazelcastInstance instance(int failures) {
    IMap<?, ?> map =
        proxy(
            IMap.class,
            (proxy, method, arguments) -> {
              calls.add(method.getName());
              if (calls.size() <= failures) {
                throw new IndeterminateOperationStateException("backup acks missed");
              }
              return null;
            });
    LifecycleService lifecycle =
        proxy(
            LifecycleService.class,
            (proxy, method, arguments) -> {
              calls.add(method.getName());
              return null;
            });
    return proxy(
        HazelcastInstance.class,
        (proxy, method, arguments) -> method.getName().equals("getMap") ? map : lifecycle);
  }

  private static <T> T proxy(Class<T> type, InvocationHandler handler) {
    return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
  }
}
