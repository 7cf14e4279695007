package dev.limpet.cluster.routes;

import com.hazelcast.map.EntryProcessor;
import java.util.Map.Entry;

/** Removes the {@link RouteSet} of a node that is gone, without fetching it. Immutable. */
final class DropRoutes implements EntryProcessor<String, RouteSet, Boolean> {
  private static final long serialVersionUID = 1L;

  @Override
  public Boolean process(Entry<String, RouteSet> entry) {
    boolean present = entry.getValue() != null;
    if (present) {
      entry.setValue(null);
    }
    return present;
  }
}
