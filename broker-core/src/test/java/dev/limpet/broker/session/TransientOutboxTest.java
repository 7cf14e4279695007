package dev.limpet.broker.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.broker.mqtt.Delivery;
import dev.limpet.broker.mqtt.Qos;
import dev.limpet.broker.mqtt.ReasonCode;
import dev.limpet.broker.spec.Spec;
import dev.limpet.broker.spi.Samples;
import java.util.List;
import org.junit.jupiter.api.Test;

class TransientOutboxTest {
  private final RecordingOutput output = new RecordingOutput();
  private final TransientOutbox outbox =
      new TransientOutbox(new SendWindow(2), new SendQueue(3, 1_000_000), output);

  @Test
  void what_exceeds_the_window_waits_and_what_exceeds_the_queue_is_refused() {
    for (int i = 1; i <= 5; i++) {
      assertThat(outbox.deliver(delivery(Qos.AT_LEAST_ONCE, "m" + i))).isTrue();
    }
    assertThat(outbox.deliver(delivery(Qos.AT_LEAST_ONCE, "m6"))).isFalse();
    assertThat(output.take()).containsExactly("PUBLISH 1 m1", "PUBLISH 2 m2");
    assertThat(outbox.queued()).isEqualTo(5);
    outbox.puback(2, ReasonCode.SUCCESS);
    outbox.puback(1, ReasonCode.SUCCESS);
    outbox.puback(77, ReasonCode.SUCCESS);
    assertThat(output.take()).containsExactly("PUBLISH 3 m3", "PUBLISH 4 m4");
  }

  @Test
  void qos_0_keeps_its_place_behind_what_waits() {
    outbox.deliver(delivery(Qos.AT_LEAST_ONCE, "a"));
    outbox.deliver(delivery(Qos.AT_LEAST_ONCE, "b"));
    outbox.deliver(delivery(Qos.AT_LEAST_ONCE, "c"));
    outbox.deliver(delivery(Qos.AT_MOST_ONCE, "d"));
    assertThat(output.take()).containsExactly("PUBLISH 1 a", "PUBLISH 2 b");
    outbox.puback(1, ReasonCode.SUCCESS);
    assertThat(output.take()).containsExactly("PUBLISH 3 c", "PUBLISH 0 d");
  }

  @Test
  void qos_2_goes_through_its_steps() {
    outbox.deliver(delivery(Qos.EXACTLY_ONCE, "x"));
    outbox.pubrec(1, ReasonCode.SUCCESS);
    outbox.pubrec(1, ReasonCode.SUCCESS);
    outbox.pubrec(9, ReasonCode.SUCCESS);
    assertThat(output.take())
        .containsExactly(
            "PUBLISH 1 x", "PUBREL 1", "PUBREL 1", "PUBREL 9 PACKET_IDENTIFIER_NOT_FOUND");
    outbox.pubcomp(1);
    assertThat(outbox.queued()).isZero();
  }

  @Test
  void a_negative_pubrec_ends_a_delivery_and_makes_room() {
    outbox.deliver(delivery(Qos.EXACTLY_ONCE, "a"));
    outbox.deliver(delivery(Qos.EXACTLY_ONCE, "b"));
    outbox.deliver(delivery(Qos.EXACTLY_ONCE, "c"));
    outbox.pubrec(1, ReasonCode.QUOTA_EXCEEDED);
    assertThat(output.take()).containsExactly("PUBLISH 1 a", "PUBLISH 2 b", "PUBLISH 3 c");
  }

  @Test
  void what_can_never_be_sent_takes_no_packet_id() {
    output.payloadBytesMax = 5;
    outbox.deliver(delivery(Qos.AT_LEAST_ONCE, "too large"));
    outbox.deliver(delivery(Qos.AT_LEAST_ONCE, "small"));
    assertThat(output.take()).containsExactly("PUBLISH 1 small");
    assertThat(outbox.queued()).isEqualTo(1);
  }

  @Test
  void a_client_that_does_not_read_is_sent_nothing_until_it_does() {
    output.writable = false;
    outbox.deliver(delivery(Qos.AT_MOST_ONCE, "a"));
    outbox.deliver(delivery(Qos.AT_LEAST_ONCE, "b"));
    assertThat(output.take()).isEmpty();
    output.writable = true;
    outbox.drain();
    assertThat(output.take()).containsExactly("PUBLISH 0 a", "PUBLISH 1 b");
  }

  @Test
  @Spec(
      v3 = {"MQTT-4.3.2-1", "MQTT-4.3.3-1"},
      v5 = {"MQTT-4.3.2-1", "MQTT-4.3.3-1"})
  void packet_ids_start_over_and_never_meet_one_that_is_under_way() {
    TransientOutbox busy =
        new TransientOutbox(new SendWindow(2), new SendQueue(3, 1_000_000), output);
    Delivery stuck = delivery(Qos.EXACTLY_ONCE, "stuck");
    Delivery next = delivery(Qos.AT_LEAST_ONCE, "next");
    busy.deliver(stuck);
    for (int id = 2; id <= PacketIds.COUNT; id++) {
      busy.deliver(next);
      busy.puback(id, ReasonCode.SUCCESS);
    }
    output.take();
    busy.deliver(next);
    assertThat(output.take()).isEmpty(); // its id would be 1
    busy.pubrec(1, ReasonCode.SUCCESS);
    busy.pubcomp(1);
    assertThat(output.take()).containsExactly("PUBREL 1", "PUBLISH 1 next");
  }

  private static Delivery delivery(Qos qos, String payload) {
    return new Delivery(Samples.publication("t", payload), qos, false, List.of());
  }
}
