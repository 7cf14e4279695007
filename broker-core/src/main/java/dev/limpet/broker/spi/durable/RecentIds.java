package dev.limpet.broker.spi.durable;

import dev.limpet.broker.mqtt.PublicationId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Remembers the ids of the last {@value #SIZE} publications that left an inbox, so that it
 * recognizes one rerouted after a crash. Each id is two longs instead of an object, since every
 * session has one of these.
 *
 * <p>Confined to its session.
 */
final class RecentIds {
  static final int SIZE = 256;
  private static final int FIRST_SIZE = 8;

  private long[] origins = new long[0];
  private long[] sequences = new long[0];
  private int count;
  private int next;

  boolean contains(PublicationId id) {
    for (int i = 0; i < count; i++) {
      if (sequences[i] == id.sequence() && origins[i] == id.origin()) {
        return true;
      }
    }
    return false;
  }

  void add(PublicationId id) {
    if (count == origins.length && count < SIZE) {
      int size = Math.min(SIZE, Math.max(FIRST_SIZE, count * 2));
      origins = Arrays.copyOf(origins, size);
      sequences = Arrays.copyOf(sequences, size);
    }
    origins[next] = id.origin();
    sequences[next] = id.sequence();
    count = Math.max(count, next + 1);
    next = (next + 1) % SIZE;
  }

  int heapBytes() {
    return 2 * Long.BYTES * origins.length;
  }

  /** Oldest first. */
  List<PublicationId> toList() {
    List<PublicationId> ids = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      int at = count < SIZE ? i : (next + i) % SIZE;
      ids.add(new PublicationId(origins[at], sequences[at]));
    }
    return ids;
  }
}
