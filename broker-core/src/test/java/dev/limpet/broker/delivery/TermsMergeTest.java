package dev.limpet.broker.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.broker.delivery.TermsMerge.Merged;
import dev.limpet.broker.mqtt.Delivery;
import dev.limpet.broker.mqtt.Publication;
import dev.limpet.broker.mqtt.Qos;
import dev.limpet.broker.mqtt.RetainHandling;
import dev.limpet.broker.mqtt.Subscription;
import dev.limpet.broker.spi.Samples;
import dev.limpet.broker.topic.SharedFilter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TermsMergeTest {
  private final TermsMerge<String> merge = new TermsMerge<>();

  @Test
  void overlapping_subscriptions_become_one_at_the_highest_quality() {
    merge.add("s", subscription(Qos.AT_MOST_ONCE, false, false, 3));
    merge.add("s", subscription(Qos.EXACTLY_ONCE, false, true, 0));
    merge.add("s", subscription(Qos.AT_LEAST_ONCE, false, false, 5));
    merge.add("other", subscription(Qos.AT_MOST_ONCE, false, false, 0));
    assertThat(merged().get("s").ofOthers())
        .isEqualTo(new DeliveryTerms(Qos.EXACTLY_ONCE, true, List.of(3, 5)));
    assertThat(merged().get("s").ofItself()).isEqualTo(merged().get("s").ofOthers());
    assertThat(merged().get("other").ofOthers())
        .isEqualTo(new DeliveryTerms(Qos.AT_MOST_ONCE, false, List.of()));
  }

  @Test
  void no_local_counts_only_for_its_own_subscription() {
    merge.add("s", subscription(Qos.EXACTLY_ONCE, true, false, 1));
    assertThat(merged().get("s").ofItself()).isNull();
    merge.add("s", subscription(Qos.AT_LEAST_ONCE, false, false, 2));
    assertThat(merged().get("s").ofItself())
        .isEqualTo(new DeliveryTerms(Qos.AT_LEAST_ONCE, false, List.of(2)));
    assertThat(merged().get("s").ofOthers())
        .isEqualTo(new DeliveryTerms(Qos.EXACTLY_ONCE, false, List.of(1, 2)));
  }

  @Test
  void a_delivery_takes_the_lower_quality_and_keeps_retain_only_when_asked() {
    Publication plain = Samples.publication("t", "x");
    Publication retained =
        new Publication(
            plain.id(),
            plain.publisher(),
            plain.topic(),
            plain.payload(),
            Qos.AT_LEAST_ONCE,
            true,
            Publication.NEVER,
            plain.properties());
    DeliveryTerms asPublished = new DeliveryTerms(Qos.EXACTLY_ONCE, true, List.of(9));
    assertThat(asPublished.delivery(retained))
        .isEqualTo(new Delivery(retained, Qos.AT_LEAST_ONCE, true, List.of(9)));
    assertThat(asPublished.delivery(plain).retain()).isFalse();
    DeliveryTerms cleared = new DeliveryTerms(Qos.AT_MOST_ONCE, false, List.of());
    assertThat(cleared.delivery(retained))
        .isEqualTo(new Delivery(retained, Qos.AT_MOST_ONCE, false, List.of()));
  }

  private Map<String, Merged> merged() {
    Map<String, Merged> all = new HashMap<>();
    merge.forEach(all::put);
    return all;
  }

  private static Subscription subscription(
      Qos qos, boolean noLocal, boolean asPublished, int subscriptionId) {
    return new Subscription(
        SharedFilter.parse("t"), qos, noLocal, asPublished, RetainHandling.SEND, subscriptionId);
  }
}
