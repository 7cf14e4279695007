package dev.limpet.cluster.directory;

import static org.assertj.core.api.Assertions.assertThat;

import com.hazelcast.spi.merge.MergingValue;
import dev.limpet.broker.mqtt.NodeId;
import dev.limpet.broker.mqtt.PublicationProperties;
import dev.limpet.broker.mqtt.Qos;
import dev.limpet.broker.mqtt.Will;
import dev.limpet.broker.topic.TopicName;
import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Which claim is left when two sides of a split meet. */
class HighestEpochTest {
  private static final Will WILL =
      new Will(
          TopicName.of("gone"),
          Buffer.buffer("w"),
          Qos.AT_LEAST_ONCE,
          false,
          0,
          Will.NO_EXPIRY,
          PublicationProperties.NONE);

  private final HighestEpoch policy = new HighestEpoch();

  @Test
  void the_newer_claim_stays() {
    assertThat(merge(record(2, true, WILL), record(1, true, null)))
        .isEqualTo(record(2, true, WILL));
    assertThat(merge(record(1, true, WILL), record(2, false, null)))
        .isEqualTo(record(2, false, null));
  }

  /** Issue 9, item 6. The kind: what one side of a split has done the merge undoes. */
  @Test
  void of_one_claim_the_connected_record_stays_without_a_will_the_larger_side_took() {
    assertThat(merge(record(1, true, WILL), record(1, false, null)))
        .isEqualTo(record(1, true, null));
    assertThat(merge(record(1, false, null), record(1, true, WILL)))
        .isEqualTo(record(1, true, WILL));
    assertThat(merge(record(1, true, WILL), record(1, false, WILL)))
        .isEqualTo(record(1, true, WILL));
  }

  /** The larger side has published or dropped it, and forgotten the claim. */
  @Test
  void a_claim_that_only_the_smaller_side_knows_comes_without_its_will() {
    assertThat(merge(record(1, true, WILL), null)).isEqualTo(record(1, true, null));
  }

  /** A node that thawed has claimed in its own copy, and asks again once the sides are one. */
  @Test
  void the_will_in_an_answer_of_the_smaller_side_is_not_given_out_again() {
    NodeId before = new NodeId("m", 1);
    ClaimRecord claimed =
        record(2, true, null).answered(7, new ClaimAnswer(2, before, 1, WILL, true));
    ClaimRecord silent =
        record(2, true, null).answered(7, new ClaimAnswer(2, before, 1, null, true));
    assertThat(merge(claimed, record(1, false, null))).isEqualTo(silent);
    assertThat(merge(claimed, null)).isEqualTo(silent);
  }

  private @Nullable Object merge(ClaimRecord merging, @Nullable ClaimRecord existing) {
    return policy.merge(value(merging), existing == null ? null : value(existing));
  }

  private static ClaimRecord record(long epoch, boolean connected, @Nullable Will will) {
    return new ClaimRecord(
        new NodeId("n", 1),
        epoch,
        connected,
        false,
        will,
        0,
        "address",
        new ClaimRecord.LastStep(1, null));
  }

  private static MergingValue<Object> value(Object of) {
    return new MergingValue<>() {
      @Override
      public Object getRawValue() {
        return of;
      }

      @Override
      public Object getDeserializedValue() {
        return of;
      }
    };
  }
}
