package dev.limpet.store;

import com.hazelcast.config.AttributeConfig;
import com.hazelcast.config.Config;
import com.hazelcast.config.InMemoryFormat;
import com.hazelcast.config.IndexConfig;
import com.hazelcast.config.IndexType;
import com.hazelcast.config.MapConfig;
import com.hazelcast.config.MergePolicyConfig;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.spi.merge.LatestUpdateMergePolicy;
import com.hazelcast.spi.properties.ClusterProperty;
import com.hazelcast.spi.properties.HazelcastProperty;
import dev.limpet.store.call.MapNames;
import dev.limpet.store.hazelcast.CommitOperation;
import dev.limpet.store.hazelcast.TopicFilterPredicate;
import dev.limpet.store.retained.TopicWordsExtractor;
import java.util.function.LongSupplier;

/** Configures the maps the store keeps in Hazelcast. Stateless. */
public final class StoreMaps {
  /** A minute, the default, is long for a client that waits; noticing a dead peer takes 5 s. */
  private static final String CALL_TIMEOUT_MILLIS = "15000";

  /**
   * An acknowledgement of a backup that is lost (as happens while partitions move) holds up a write
   * for this long, 5 s by default; then it is tried again.
   */
  private static final String BACKUP_TIMEOUT_MILLIS = "2000";

  private static final String CLOCK = "limpet.clock";

  private StoreMaps() {}

  /**
   * Says by which clock sessions expire where Hazelcast merges them; without it, by the system's.
   *
   * @param clock that of the stores on this member, in epoch milliseconds
   */
  public static void useClock(Config config, LongSupplier clock) {
    config.getUserContext().put(CLOCK, clock);
  }

  static LongSupplier clock(HazelcastInstance hazelcast) {
    return hazelcast.getUserContext().get(CLOCK) instanceof LongSupplier clock
        ? clock
        : System::currentTimeMillis;
  }

  /** Adds all the store needs to the configuration of a member that is to be started. */
  public static void configure(Config config) {
    // Without it, a write whose backup never answered reports success.
    config.setProperty(ClusterProperty.FAIL_ON_INDETERMINATE_OPERATION_STATE.getName(), "true");
    setUnlessSet(config, ClusterProperty.OPERATION_CALL_TIMEOUT_MILLIS, CALL_TIMEOUT_MILLIS);
    setUnlessSet(config, ClusterProperty.OPERATION_BACKUP_TIMEOUT_MILLIS, BACKUP_TIMEOUT_MILLIS);
    StoreSerializers.all()
        .forEach(s -> config.getSerializationConfig().addSerializerConfig(s.config()));
    config
        .getSerializationConfig()
        .addDataSerializableFactory(CommitOperation.FACTORY_ID, CommitOperation.factory());
    config.addMapConfig(sessions());
    config.addMapConfig(retained());
  }

  private static void setUnlessSet(Config config, HazelcastProperty property, String value) {
    if (config.getProperty(property.getName()) == null) {
      config.setProperty(property.getName(), value);
    }
  }

  /**
   * The live session lies in the map as an object, changed in place by its partition's thread. So
   * there must be neither an index (it makes every processor clone the session) nor a query, a
   * listener or a plain {@code get} (they would see it from another thread).
   */
  private static MapConfig sessions() {
    return new MapConfig(MapNames.SESSIONS)
        .setInMemoryFormat(InMemoryFormat.OBJECT)
        .setBackupCount(1)
        .setAsyncBackupCount(0)
        .setReadBackupData(false)
        .setPerEntryStatsEnabled(false)
        .setMergePolicyConfig(
            new MergePolicyConfig().setPolicy(SessionMergePolicy.class.getName()));
  }

  private static MapConfig retained() {
    return new MapConfig(MapNames.RETAINED)
        .setInMemoryFormat(InMemoryFormat.BINARY)
        .setBackupCount(1)
        .setAsyncBackupCount(0)
        .setReadBackupData(false)
        .setPerEntryStatsEnabled(true) // The merge policy compares times of update.
        .setMergePolicyConfig(
            new MergePolicyConfig().setPolicy(LatestUpdateMergePolicy.class.getName()))
        .addAttributeConfig(
            new AttributeConfig(TopicFilterPredicate.WORDS, TopicWordsExtractor.class.getName()))
        .addIndexConfig(new IndexConfig(IndexType.SORTED, TopicFilterPredicate.TOPIC))
        .addIndexConfig(
            new IndexConfig(IndexType.BITMAP, TopicFilterPredicate.TOPIC_WORDS)
                .setName(TopicFilterPredicate.WORDS_INDEX));
  }
}
