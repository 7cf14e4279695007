package dev.limpet.cluster.directory;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.IMap;
import com.hazelcast.query.PagingPredicate;
import com.hazelcast.query.Predicates;
import dev.limpet.broker.mqtt.ClientId;
import java.util.List;

/**
 * Lists all client ids the cluster knows, a page at a time, for operators.
 *
 * <p>Thread-safe. Both methods block, and a page costs each node the sorting of its claims: never
 * on an event loop, never for anything but people and their tools.
 */
public final class ClaimPages {

  private final IMap<String, ClaimRecord> claims;

  public ClaimPages(HazelcastInstance hazelcast) {
    this.claims = hazelcast.getMap(DirectoryMap.NAME);
  }

  /** How many there are. */
  public int count() {
    return claims.size();
  }

  /**
   * Part of them, in the order of their text.
   *
   * @param page from 1
   */
  public List<ClientId> page(int page, int size) {
    PagingPredicate<String, ClaimRecord> predicate = Predicates.pagingPredicate(size);
    predicate.setPage(page - 1);
    return claims.keySet(predicate).stream().sorted().map(ClientId::of).toList();
  }
}
