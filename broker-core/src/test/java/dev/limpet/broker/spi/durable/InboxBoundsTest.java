package dev.limpet.broker.spi.durable;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.broker.mqtt.Delivery;
import dev.limpet.broker.mqtt.Publication;
import dev.limpet.broker.mqtt.Qos;
import dev.limpet.broker.mqtt.Subscription;
import dev.limpet.broker.spi.Samples;
import org.junit.jupiter.api.Test;

/** How much an inbox takes, alone and together with the others of its node. */
class InboxBoundsTest {
  private static final Subscription ALL = Samples.subscription("#", Qos.EXACTLY_ONCE);
  private static final InboxLimits LIMITS = new InboxLimits(2, 1_000);

  @Test
  void what_subscriptions_bring_has_a_bound_of_its_own() {
    Inbox inbox = new Inbox(1);
    for (int i = 1; i <= InboxLimits.REPLAYED_MAX; i++) {
      assertThat(inbox.append(retained(), LIMITS)).isEqualTo(i);
    }
    assertThat(inbox.append(retained(), LIMITS)).isEqualTo(AppendResult.OVERFLOW);
    assertThat(inbox.append(live(), LIMITS)).isPositive();
    assertThat(inbox.append(live(), LIMITS)).isPositive();
    assertThat(inbox.append(live(), LIMITS)).isEqualTo(AppendResult.OVERFLOW);
    inbox.release(1);
    assertThat(inbox.append(retained(), LIMITS)).isPositive();
  }

  @Test
  void an_inbox_that_moved_to_another_node_knows_which_were_brought() {
    Inbox inbox = new Inbox(1);
    for (int i = 0; i < 5; i++) {
      inbox.append(retained(), LIMITS);
    }
    inbox.append(live(), LIMITS);
    Inbox moved = Inbox.of(inbox.state());
    assertThat(moved.append(live(), LIMITS)).isPositive();
    assertThat(moved.append(live(), LIMITS)).isEqualTo(AppendResult.OVERFLOW);
    assertThat(moved.messages()).isEqualTo(7);
  }

  @Test
  void where_inboxes_are_nearly_full_together_publishers_come_before_subscribers() {
    InboxTally tally = new InboxTally(80, 8_000);
    tally.add(69, 0);
    assertThat(tally.isFullForReplays()).isFalse();
    tally.add(1, 0);
    assertThat(tally.isFullForReplays()).isTrue();
    assertThat(tally.isFull()).isFalse();
    tally.add(-70, 7_000);
    assertThat(tally.isFullForReplays()).isTrue();
    assertThat(tally.isFull()).isFalse();
    assertThat(InboxTally.unlimited().isFullForReplays()).isFalse();
  }

  private static StoredDelivery retained() {
    return StoredDelivery.of(Delivery.replayed(Samples.publication("t", "x".repeat(300)), ALL));
  }

  private static StoredDelivery live() {
    Publication publication = Samples.publication("t", "y");
    return StoredDelivery.of(Samples.delivery(publication));
  }
}
