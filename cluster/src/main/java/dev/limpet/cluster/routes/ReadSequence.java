package dev.limpet.cluster.routes;

import com.hazelcast.core.ReadOnly;
import com.hazelcast.map.EntryProcessor;
import java.util.Map.Entry;
import org.jspecify.annotations.Nullable;

/** Reads how far a node's {@link RouteSet} is without fetching it; 0 for none. Immutable. */
final class ReadSequence implements EntryProcessor<String, RouteSet, Long>, ReadOnly {
  private static final long serialVersionUID = 1L;

  @Override
  public Long process(Entry<String, RouteSet> entry) {
    RouteSet set = entry.getValue();
    return set == null ? 0 : set.sequence();
  }

  @Override
  public @Nullable EntryProcessor<String, RouteSet, Long> getBackupProcessor() {
    return null;
  }
}
