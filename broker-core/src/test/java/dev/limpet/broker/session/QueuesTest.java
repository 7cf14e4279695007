package dev.limpet.broker.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.broker.mqtt.Delivery;
import dev.limpet.broker.mqtt.PublicationId;
import dev.limpet.broker.mqtt.ReasonCode;
import dev.limpet.broker.session.ReceiveWindow.Arrival;
import dev.limpet.broker.session.ReplyQueue.Reply;
import dev.limpet.broker.spi.Samples;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The three small queues of a session: to send, received, to reply. */
class QueuesTest {
  private final RecordingOutput output = new RecordingOutput();

  @Test
  void the_send_queue_refuses_what_breaks_a_bound_and_takes_again_when_there_is_room() {
    Delivery delivery = Samples.delivery(Samples.publication("t", "0123456789"));
    int bytes = delivery.publication().bytes();
    SendQueue byCount = new SendQueue(2, 1_000_000);
    assertThat(byCount.offer(delivery)).isTrue();
    assertThat(byCount.offer(delivery)).isTrue();
    assertThat(byCount.offer(delivery)).isFalse();
    byCount.remove();
    assertThat(byCount.offer(delivery)).isTrue();

    SendQueue byBytes = new SendQueue(100, 2L * bytes);
    assertThat(byBytes.offer(delivery)).isTrue();
    assertThat(byBytes.offer(delivery)).isTrue();
    assertThat(byBytes.offer(delivery)).isFalse();
    byBytes.remove();
    byBytes.remove();
    assertThat(byBytes.isEmpty()).isTrue();
    assertThat(byBytes.peek()).isNull();
    assertThat(byBytes.offer(delivery)).isTrue();
    assertThat(byBytes.size()).isEqualTo(1);
  }

  @Test
  void what_a_subscription_brings_takes_no_room_from_the_others() {
    Delivery live = Samples.delivery(Samples.publication("t", "live"));
    Delivery retained = Samples.delivery(Samples.publication("t", "a retained one"));
    QueueBudget.Share share = new QueueBudget(SendQueue.REPLAYED_MAX + 2, 1L << 40).share();
    SendQueue queue = new SendQueue(2, 2L * live.publication().bytes(), share);
    assertThat(queue.offer(live)).isTrue();
    for (int i = 0; i < SendQueue.REPLAYED_MAX; i++) {
      assertThat(queue.offerReplayed(retained)).isTrue();
    }
    assertThat(queue.offerReplayed(retained)).isFalse();
    assertThat(queue.offer(live)).isTrue();
    assertThat(queue.offer(live)).isFalse();
    assertThat(queue.peek()).isSameAs(live);
    queue.remove();
    assertThat(queue.offer(live)).isTrue();
    assertThat(queue.offer(live)).isFalse();
    queue.remove();
    assertThat(queue.offer(live)).as("a retained one left, no live one").isFalse();
    assertThat(queue.offerReplayed(retained)).isTrue();
    for (int i = 1; i < SendQueue.REPLAYED_MAX; i++) {
      queue.remove();
    }
    assertThat(queue.peek()).isSameAs(live);
    assertThat(queue.size()).isEqualTo(3);
    queue.close();
    SendQueue next = new SendQueue(2, 1_000, share);
    for (int i = 0; i < SendQueue.REPLAYED_MAX; i++) {
      assertThat(next.offerReplayed(retained)).as("what waited gave its room back").isTrue();
    }
  }

  @Test
  void the_receive_window_tells_new_from_resumed_and_duplicate() {
    ReceiveWindow window = new ReceiveWindow(Map.of(5, new PublicationId(1, 50)));
    assertThat(window.arrival(5)).isEqualTo(Arrival.RESUMED);
    assertThat(window.resume(5)).contains(new PublicationId(1, 50));
    assertThat(window.resume(5)).isEmpty();
    assertThat(window.arrival(5)).isEqualTo(Arrival.DUPLICATE);
    assertThat(window.arrival(6)).isEqualTo(Arrival.NEW);
    window.receive(6, new PublicationId(1, 60));
    assertThat(window.arrival(6)).isEqualTo(Arrival.DUPLICATE);
    assertThat(window.size()).isEqualTo(2);
    assertThat(window.release(6)).isTrue();
    assertThat(window.release(6)).isFalse();
    assertThat(window.arrival(6)).isEqualTo(Arrival.NEW);
  }

  @Test
  void a_resumed_id_may_be_released_without_being_sent_again() {
    ReceiveWindow window = new ReceiveWindow(Map.of(5, new PublicationId(1, 50)));
    assertThat(window.release(5)).isTrue();
    assertThat(window.arrival(5)).isEqualTo(Arrival.NEW);
    assertThat(window.size()).isZero();
  }

  @Test
  void replies_leave_in_the_order_of_their_packets() {
    ReplyQueue replies = new ReplyQueue(output);
    Reply first = replies.reserve(AcknowledgementKind.PUBACK, 1);
    Reply second = replies.reserve(AcknowledgementKind.PUBREC, 2);
    replies.replyNow(AcknowledgementKind.PUBACK, 3, ReasonCode.SUCCESS);
    replies.complete(second, ReasonCode.SUCCESS);
    assertThat(output.sent).isEmpty();
    assertThat(replies.size()).isEqualTo(3);
    replies.complete(first, ReasonCode.NO_MATCHING_SUBSCRIBERS);
    assertThat(output.sent)
        .containsExactly("PUBACK 1 NO_MATCHING_SUBSCRIBERS", "PUBREC 2", "PUBACK 3");
    replies.replyNow(AcknowledgementKind.PUBCOMP, 4, ReasonCode.SUCCESS);
    assertThat(output.sent).hasSize(4).last().isEqualTo("PUBCOMP 4");
    assertThat(replies.size()).isZero();
  }
}
