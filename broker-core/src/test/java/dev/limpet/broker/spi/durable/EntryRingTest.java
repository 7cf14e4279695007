package dev.limpet.broker.spi.durable;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.broker.mqtt.PublicationId;
import dev.limpet.broker.spi.Samples;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The ring and its index hold what a tree and a map would, whatever comes and goes. */
class EntryRingTest {
  private static final int STEPS = 4_000;

  /**
   * @param first also where the low half of a sequence turns negative and back
   */
  @ParameterizedTest
  @ValueSource(longs = {1, (1L << 31) - 700, (1L << 32) - 700})
  void they_hold_what_was_added_and_not_removed(long first) {
    Random random = new Random(first);
    EntryRing ring = new EntryRing();
    IdIndex index = new IdIndex(ring);
    TreeMap<Long, StoredDelivery> expected = new TreeMap<>();
    List<StoredDelivery> gone = new ArrayList<>();
    long next = first;
    for (int step = 0; step < STEPS; step++) {
      boolean grows = step / 500 % 2 == 0;
      if (random.nextInt(10) < (grows ? 7 : 3) || expected.isEmpty()) {
        next += IdIndex.takes(next) ? 0 : 1;
        StoredDelivery delivery =
            StoredDelivery.of(Samples.delivery(Samples.publication("t", "x")));
        ring.add(next, delivery);
        index.add(delivery.id(), next);
        expected.put(next++, delivery);
      } else {
        Long sequence =
            random.nextBoolean()
                ? expected.firstKey()
                : expected.ceilingKey(expected.firstKey() + random.nextInt(expected.size()));
        sequence = sequence == null ? expected.lastKey() : sequence;
        StoredDelivery delivery = expected.remove(sequence);
        index.remove(delivery.id(), sequence);
        assertThat(ring.remove(sequence)).isSameAs(delivery);
        gone.add(delivery);
      }
      if (step % 97 == 0) {
        check(ring, index, expected, next);
      }
    }
    check(ring, index, expected, next);
    gone.forEach(each -> assertThat(index.find(each.id(), Long.MAX_VALUE / 2)).isZero());
  }

  /** As a copy of an inbox whose client has acknowledged most between two of its entries. */
  @Test
  void a_gap_longer_than_the_ring_stays_empty() {
    EntryRing ring = new EntryRing();
    StoredDelivery first = StoredDelivery.of(Samples.delivery(Samples.publication("t", "1")));
    StoredDelivery last = StoredDelivery.of(Samples.delivery(Samples.publication("t", "2")));
    ring.add(1, first);
    ring.add(1_000, last);
    List<Long> sequences = new ArrayList<>();
    ring.forEach((delivery, sequence) -> sequences.add(sequence));
    assertThat(sequences).containsExactly(1L, 1_000L);
    assertThat(ring.remove(1)).isSameAs(first);
    assertThat(ring.remove(1_000)).isSameAs(last);
  }

  private static void check(
      EntryRing ring, IdIndex index, Map<Long, StoredDelivery> expected, long next) {
    Map<Long, StoredDelivery> found = new TreeMap<>();
    ring.forEach((delivery, sequence) -> found.put(sequence, delivery));
    assertThat(found).isEqualTo(expected);
    assertThat(ring.size()).isEqualTo(expected.size());
    expected.forEach(
        (sequence, delivery) -> {
          assertThat(ring.get(sequence)).isSameAs(delivery);
          assertThat(index.find(delivery.id(), next)).isEqualTo(sequence);
        });
    assertThat(index.find(new PublicationId(-1, -1), next)).isZero();
  }
}
