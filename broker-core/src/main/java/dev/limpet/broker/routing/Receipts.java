package dev.limpet.broker.routing;

import dev.limpet.broker.mqtt.PublicationId;
import dev.limpet.broker.topic.SharedFilter;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Remembers the QoS 2 publications received from each peer, for this node's connected sessions and
 * for share groups: one rerouted because its node died is then not delivered twice.
 *
 * <p>Thread-safe. Keeps the last 65,536 of each origin (more than are in flight when a node dies)
 * and the {@link #ORIGINS_MAX} most recent origins: 8 MiB at most.
 */
final class Receipts {
  static final int ORIGINS_MAX = 16;
  private static final int FIRST_SIZE = 256;
  private static final int SIZE_MAX = 65_536;

  /** Spreads a hash over 64 bits. */
  private static final long MIX = 0x9E37_79B9_7F4A_7C15L;

  private final Map<Long, Ring> origins = new LinkedHashMap<>(16, 0.75f, true);

  /** Notes that connected sessions, or a member of a share group, have had a publication. */
  synchronized void note(PublicationId id, @Nullable SharedFilter group) {
    origins.computeIfAbsent(id.origin(), origin -> new Ring()).add(key(id, group));
    if (origins.size() > ORIGINS_MAX) {
      origins.remove(origins.keySet().iterator().next());
    }
  }

  /** Whether they have had it, as far as is remembered. Looks through all of its origin. */
  synchronized boolean has(PublicationId id, @Nullable SharedFilter group) {
    Ring ring = origins.get(id.origin());
    return ring != null && ring.contains(key(id, group));
  }

  private static long key(PublicationId id, @Nullable SharedFilter group) {
    return group == null ? id.sequence() : id.sequence() ^ group.toString().hashCode() * MIX;
  }

  /** The last keys. Guarded by the receipts. */
  private static final class Ring {
    private long[] keys = new long[FIRST_SIZE];
    private int count;
    private int next;

    void add(long key) {
      if (next == keys.length) {
        if (keys.length < SIZE_MAX) {
          keys = Arrays.copyOf(keys, 2 * keys.length);
        } else {
          next = 0;
        }
      }
      keys[next++] = key;
      count = Math.max(count, next);
    }

    boolean contains(long key) {
      for (int i = 0; i < count; i++) {
        if (keys[i] == key) {
          return true;
        }
      }
      return false;
    }
  }
}
