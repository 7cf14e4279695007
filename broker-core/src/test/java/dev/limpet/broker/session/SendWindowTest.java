package dev.limpet.broker.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.limpet.broker.mqtt.Delivery;
import dev.limpet.broker.mqtt.Qos;
import dev.limpet.broker.spi.Samples;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SendWindowTest {
  private static final Class<?> WRONG = WrongAcknowledgementException.class;
  private static final Delivery ONE = delivery(Qos.AT_LEAST_ONCE);
  private static final Delivery TWO = delivery(Qos.EXACTLY_ONCE);

  @Test
  void it_admits_as_many_as_the_receive_maximum() {
    SendWindow window = new SendWindow(2);
    window.sent(1, ONE);
    assertThat(window.admits(2)).isTrue();
    assertThat(window.room()).isEqualTo(1);
    window.sent(2, TWO);
    assertThat(window.admits(3)).isFalse();
    assertThat(window.room()).isZero();
    window.release(2); // still under way until PUBCOMP
    assertThat(window.admits(3)).isFalse();
    window.complete(2);
    assertThat(window.admits(3)).isTrue();
  }

  @Test
  void an_acknowledgement_must_fit_the_delivery() {
    SendWindow window = new SendWindow(10);
    window.sent(1, ONE);
    window.sent(2, TWO);
    assertThatThrownBy(() -> window.acknowledge(2, Qos.AT_LEAST_ONCE)).isInstanceOf(WRONG);
    assertThatThrownBy(() -> window.release(1)).isInstanceOf(WRONG);
    assertThatThrownBy(() -> window.complete(2)).isInstanceOf(WRONG);
    assertThat(window.acknowledge(3, Qos.AT_LEAST_ONCE)).isZero();
    assertThat(window.acknowledge(0, Qos.AT_LEAST_ONCE)).isZero();
    assertThat(window.acknowledge(65_535, Qos.AT_LEAST_ONCE)).isZero();
    assertThat(window.size()).isEqualTo(2);
    assertThat(window.acknowledge(1, Qos.AT_LEAST_ONCE)).isEqualTo(1);
    assertThat(window.acknowledge(1, Qos.AT_LEAST_ONCE)).isZero();
    assertThat(window.release(2)).isEqualTo(2);
    assertThat(window.release(2)).isZero();
    assertThat(window.isReleased(2)).isTrue();
    assertThat(window.complete(2)).isEqualTo(2);
    assertThat(window.isReleased(2)).isFalse();
  }

  @Test
  void it_grows_and_keeps_what_it_holds() {
    SendWindow window = new SendWindow(65_535);
    for (long sequence = 100; sequence < 5_000; sequence++) {
      assertThat(window.sent(sequence, ONE)).isEqualTo((int) sequence);
    }
    for (int id = 4_999; id >= 100; id--) {
      assertThat(window.acknowledge(id, Qos.AT_LEAST_ONCE)).isEqualTo(id);
    }
    assertThat(window.size()).isZero();
  }

  @Test
  void it_never_spans_more_sequences_than_there_are_packet_ids() {
    SendWindow window = new SendWindow(10);
    window.sent(7, TWO);
    window.release(7);
    assertThat(window.admits(7 + PacketIds.COUNT - 1)).isTrue();
    assertThat(window.admits(7 + PacketIds.COUNT)).isFalse();
    window.sent(7 + PacketIds.COUNT - 1, ONE);
    assertThat(window.isReleased(7)).isTrue();
    assertThat(window.acknowledge(6, Qos.AT_LEAST_ONCE)).isEqualTo(7 + PacketIds.COUNT - 1);
    window.complete(7);
    assertThat(window.admits(8 + PacketIds.COUNT)).isTrue();
  }

  @Test
  void resumed_ids_lie_below_and_above_what_is_sent() {
    SendWindow window = new SendWindow(10);
    assertThat(window.resumeReleased(70_000)).isEqualTo(PacketIds.of(70_000));
    assertThat(window.resumeReleased(70_005)).isEqualTo(PacketIds.of(70_005));
    assertThat(window.sent(69_990, ONE)).isEqualTo(PacketIds.of(69_990));
    window.sent(70_002, TWO);
    window.sent(70_100, ONE);
    assertThat(window.isReleased(PacketIds.of(70_000))).isTrue();
    assertThat(window.complete(PacketIds.of(70_005))).isEqualTo(70_005);
    assertThat(window.acknowledge(PacketIds.of(69_990), Qos.AT_LEAST_ONCE)).isEqualTo(69_990);
    assertThat(window.release(PacketIds.of(70_002))).isEqualTo(70_002);
    assertThat(window.complete(PacketIds.of(70_000))).isEqualTo(70_000);
    assertThat(window.acknowledge(PacketIds.of(70_100), Qos.AT_LEAST_ONCE)).isEqualTo(70_100);
    assertThat(window.size()).isEqualTo(1);
  }

  @Test
  void more_resumed_than_the_receive_maximum_leave_no_room() {
    SendWindow window = new SendWindow(1);
    window.resumeReleased(1);
    window.resumeReleased(2);
    assertThat(window.room()).isZero();
    window.complete(1);
    assertThat(window.room()).isZero();
    window.complete(2);
    assertThat(window.room()).isEqualTo(1);
  }

  @Test
  void a_sequence_is_sent_once() {
    SendWindow window = new SendWindow(10);
    window.sent(3, ONE);
    assertThatThrownBy(() -> window.sent(3, ONE)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void it_does_what_a_map_would_over_200_000_random_steps() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    SendWindow window = new SendWindow(300);
    Map<Long, Integer> model = new HashMap<>(); // 1 sent at QoS 1, 2 at QoS 2, 3 released
    Deque<Long> order = new ArrayDeque<>();
    long next = 1L + random.nextInt(100_000);
    for (int step = 0; step < 200_000; step++) {
      boolean send = model.size() < 300 && random.nextInt(3) > 0;
      if (send && window.admits(next)) {
        int qos = 1 + random.nextInt(2);
        assertThat(window.sent(next, qos == 1 ? ONE : TWO)).isEqualTo(PacketIds.of(next));
        model.put(next, qos);
        order.add(next);
        next += 1 + (random.nextInt(500) == 0 ? random.nextInt(3_000) : 0);
      } else if (!model.isEmpty()) {
        List<Long> oldest = new ArrayList<>(order.stream().limit(20).toList());
        long sequence = oldest.get(random.nextInt(oldest.size()));
        if (step(window, sequence, model.get(sequence), seed)) {
          model.remove(sequence);
          order.remove(sequence);
        } else {
          model.put(sequence, 3);
        }
      }
      assertThat(window.size()).as("seed %d", seed).isEqualTo(model.size());
    }
  }

  /** Takes a delivery one step on; true when that was the last. */
  private static boolean step(SendWindow window, long sequence, int state, long seed) {
    int id = PacketIds.of(sequence);
    long done =
        switch (state) {
          case 1 -> window.acknowledge(id, Qos.AT_LEAST_ONCE);
          case 2 -> window.release(id);
          default -> window.complete(id);
        };
    assertThat(done).as("seed %d", seed).isEqualTo(sequence);
    return state != 2;
  }

  private static Delivery delivery(Qos qos) {
    return new Delivery(Samples.publication("t", "x"), qos, false, List.of());
  }
}
