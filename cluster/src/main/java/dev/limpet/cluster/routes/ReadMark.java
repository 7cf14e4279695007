package dev.limpet.cluster.routes;

import com.hazelcast.core.ReadOnly;
import com.hazelcast.map.EntryProcessor;
import java.util.Map.Entry;
import org.jspecify.annotations.Nullable;

/** Reads the {@link RouteSet#mark} of a node's routes without fetching them. Immutable. */
final class ReadMark implements EntryProcessor<String, RouteSet, long[]>, ReadOnly {
  private static final long serialVersionUID = 1L;

  @Override
  public long[] process(Entry<String, RouteSet> entry) {
    RouteSet set = entry.getValue();
    return set == null ? new long[] {0, 0} : set.mark();
  }

  @Override
  public @Nullable EntryProcessor<String, RouteSet, long[]> getBackupProcessor() {
    return null;
  }
}
