package dev.limpet.cluster.member;

import com.hazelcast.config.Config;
import com.hazelcast.config.IndexConfig;
import com.hazelcast.config.MapConfig;
import com.hazelcast.core.HazelcastException;
import com.hazelcast.core.HazelcastInstance;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens all maps of a member before their first use, and builds their indexes on every partition:
 * while partitions move, that may fail and is retried.
 *
 * <p>The indexes are taken out of the configuration. Hazelcast would build them within the first
 * use of a map, and keeps for good how that ended: where it failed once, the member could not use
 * the map any more. Immutable.
 */
final class MapOpening {

  private static final Logger LOG = LoggerFactory.getLogger(MapOpening.class);
  private static final int ATTEMPTS_MAX = 10;
  private static final long PAUSE_MILLIS = 100;

  private final Map<String, List<IndexConfig>> indexes = new LinkedHashMap<>();

  /**
   * @param config of the member to be started; changed
   */
  MapOpening(Config config) {
    for (MapConfig map : config.getMapConfigs().values()) {
      if (!map.getName().equals("default")) {
        indexes.put(map.getName(), List.copyOf(map.getIndexConfigs()));
        map.setIndexConfigs(List.of());
      }
    }
  }

  /**
   * Blocks for seconds where partitions move.
   *
   * @throws NodeStartException when a map could not be opened; the member is terminated then
   */
  void open(HazelcastInstance instance) {
    indexes.forEach(
        (name, its) -> {
          int attempt = 1;
          while (!isOpened(instance, name, its, attempt)) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(PAUSE_MILLIS));
            attempt++;
          }
        });
  }

  private static boolean isOpened(
      HazelcastInstance instance, String map, List<IndexConfig> indexes, int attempt) {
    try {
      indexes.forEach(instance.getMap(map)::addIndex);
      return true;
    } catch (HazelcastException e) {
      if (attempt == ATTEMPTS_MAX) {
        instance.getLifecycleService().terminate();
        throw new NodeStartException(
            "the cluster did not open the map '" + map + "': " + e.getMessage(), e);
      }
      LOG.info("Retrying to open the map {}: {}", map, e.toString());
      return false;
    }
  }
}
